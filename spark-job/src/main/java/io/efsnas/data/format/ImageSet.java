package io.efsnas.data.format;

import io.efsnas.data.format.ImageDecoder.Decoded;
import io.efsnas.network.Shape;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Labelled images of one shape, as bytes in memory. Immutable: sets made from others share their pixels, which nobody may
 * change.
 */
public final class ImageSet {

    /** One image, channel by channel, and its class. */
    record LabelledImage(byte[] pixels, int label) {}

    private final Shape shape;
    private final List<LabelledImage> images;

    ImageSet(Shape shape, List<LabelledImage> images) {
        this.shape = shape;
        this.images = List.copyOf(images);
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
                        .mapToObj(image -> new LabelledImage(pixels.get(image), labels[image]))
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
                        .map(image -> new LabelledImage(
                                Resize.square(new Decoded(shape, image.pixels()), decoding.side()), image.label()))
                        .toList());
    }

    /** The images with sides that are {@code times} times smaller, a divisor of both; a pixel is the mean of a block. */
    public ImageSet shrunk(int times) {
        Shape smaller = new Shape(shape.channels(), shape.height() / times, shape.width() / times);
        return new ImageSet(
                smaller,
                images.stream()
                        .map(image -> new LabelledImage(blockMeans(image.pixels(), smaller, times), image.label()))
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

    /** Whether another set has the same pixels in the same order, whatever their labels. */
    public boolean hasImagesOf(ImageSet other) {
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
