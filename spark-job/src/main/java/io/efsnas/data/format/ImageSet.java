package io.efsnas.data.format;

import io.efsnas.data.format.ImageDecoder.Decoded;
import io.efsnas.network.Shape;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Labelled images of one shape, as bytes in memory, or in files from which they are decoded when they are asked for.
 * Immutable: sets made from others share their pixels, which nobody may change.
 */
public final class ImageSet {

    /** One image and its class. */
    interface LabelledImage {

        /** Channel by channel. */
        byte[] pixels();

        int label();
    }

    record MemoryImage(byte[] pixels, int label) implements LabelledImage {}

    /**
     * What is known of images in files without decoding them.
     *
     * @param checksum of the files that have them
     * @param histograms how often each of the 256 pixel values occurs in each channel
     */
    public record Known(String checksum, List<long[]> histograms) {}

    private final Shape shape;
    private final List<LabelledImage> images;
    private final Optional<Known> known;

    ImageSet(Shape shape, List<LabelledImage> images) {
        this(shape, images, Optional.empty());
    }

    /** @param known of images in files */
    ImageSet(Shape shape, List<? extends LabelledImage> images, Optional<Known> known) {
        this.shape = shape;
        this.images = List.copyOf(images);
        this.known = known;
    }

    /**
     * A set of given images.
     *
     * @param pixels the pixels of each image, {@code [channel][row][column]} as unsigned bytes
     * @param labels the class of each image, from 0
     */
    public static ImageSet of(Shape shape, List<byte[]> pixels, int[] labels) {
        if (pixels.size() != labels.length || pixels.stream().anyMatch(image -> image.length != shape.size())) {
            throw new IllegalArgumentException("expected " + labels.length + " images of " + shape.size() + " bytes");
        }
        return new ImageSet(
                shape,
                IntStream.range(0, labels.length)
                        .<LabelledImage>mapToObj(image -> new MemoryImage(pixels.get(image), labels[image]))
                        .toList());
    }

    /** The images of several sets of one shape, one set after the other. */
    public static ImageSet concatenated(Shape shape, List<ImageSet> sets) {
        return new ImageSet(
                shape, sets.stream().flatMap(set -> set.images.stream()).toList());
    }

    /** The images at {@code positions[from]} to {@code positions[to - 1]}. */
    public ImageSet select(int[] positions, int from, int to) {
        return new ImageSet(
                shape, Arrays.stream(positions, from, to).mapToObj(images::get).toList());
    }

    /** The images as a decoding wants them: those of another size are scaled, and their middle kept. */
    public ImageSet scaled(Decoding decoding) {
        Shape wanted = decoding.shape(shape);
        if (shape.equals(wanted)) {
            return this;
        }
        return new ImageSet(
                wanted,
                images.stream()
                        .<LabelledImage>map(image -> new MemoryImage(
                                Resize.square(new Decoded(shape, image.pixels()), decoding.side()), image.label()))
                        .toList());
    }

    /** The images with sides that are {@code times} times smaller, a divisor of both; a pixel is the mean of a block. */
    public ImageSet shrunk(int times) {
        Shape smaller = new Shape(shape.channels(), shape.height() / times, shape.width() / times);
        return new ImageSet(
                smaller,
                images.stream()
                        .<LabelledImage>map(
                                image -> new MemoryImage(blockMeans(image.pixels(), smaller, times), image.label()))
                        .toList());
    }

    private static byte[] blockMeans(byte[] pixels, Shape smaller, int times) {
        byte[] means = new byte[smaller.size()];
        int width = smaller.width() * times;
        for (int mean = 0; mean < means.length; mean++) {
            int row = mean / smaller.width() * times; // counted through all channels
            int column = mean % smaller.width() * times;
            int sum = 0;
            for (int y = row; y < row + times; y++) {
                for (int x = column; x < column + times; x++) {
                    sum += Byte.toUnsignedInt(pixels[y * width + x]);
                }
            }
            means[mean] = (byte) Math.round((double) sum / (times * times));
        }
        return means;
    }

    /** The shape of every image. */
    public Shape shape() {
        return shape;
    }

    public int size() {
        return images.size();
    }

    /** The class of an image, from 0. */
    public int label(int image) {
        return images.get(image).label();
    }

    /**
     * The pixels of an image, unsigned bytes in the order {@code [channel][row][column]}. This is the array itself, not a
     * copy: it may not be changed.
     */
    public byte[] pixels(int image) {
        return images.get(image).pixels();
    }

    /** The pixels of some images, as {@link #pixels}; those in files are decoded side by side. */
    public List<byte[]> pixels(int[] positions) {
        List<LabelledImage> some =
                Arrays.stream(positions).mapToObj(images::get).toList();
        return inMemory()
                ? some.stream().map(LabelledImage::pixels).toList()
                : DecodingThreads.all(some, LabelledImage::pixels);
    }

    /** Whether the images are in memory, and not decoded from files when they are asked for. */
    public boolean inMemory() {
        return images.stream().limit(1).allMatch(MemoryImage.class::isInstance);
    }

    /** What is known without decoding of a set as its reader made it; empty if its images are in memory. */
    public Optional<Known> known() {
        return known;
    }

    /** Whether another set has the same pixels in the same order, whatever their labels. */
    public boolean hasImagesOf(ImageSet other) {
        if (known.isPresent() && other.known.isPresent()) {
            return known.get().checksum().equals(other.known.get().checksum());
        }
        return size() == other.size()
                && IntStream.range(0, size()).allMatch(image -> Arrays.equals(pixels(image), other.pixels(image)));
    }

    /** The classes that there are images of. */
    public BitSet labels() {
        BitSet labels = new BitSet();
        images.forEach(image -> labels.set(image.label()));
        return labels;
    }

    int largestLabel() {
        return images.stream().mapToInt(LabelledImage::label).max().orElseThrow();
    }
}
