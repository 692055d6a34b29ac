package io.efsnas.data.format;

import io.efsnas.network.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** The formats of labelled images that can be read. */
public enum ImageFormat {
    /** The binary version of CIFAR-10: records of a label and 3x32x32 pixels. */
    CIFAR10,
    /** The binary version of CIFAR-100: records of a coarse label, a fine label and 3x32x32 pixels. */
    CIFAR100,
    /** Pairs of files, one of grey images and one of labels, as of MNIST and Fashion-MNIST. */
    IDX,
    /** The pickled batches of downsampled ImageNet, of 8, 16, 32 or 64 pixels: all 1000 classes. */
    DOWNSAMPLED_IMAGENET,
    /** The same of 16 pixels, of which the images of the first 120 classes are read. */
    IMAGENET16_120,
    /** Folders of JPEG and PNG files, a folder for each class. */
    FOLDER,
    /** Folders of tar files that {@code efsnas prepare} has written. */
    SHARDS;

    /** The part of the heap that images decoded from shards may take, beside networks and batches. */
    private static final double SHARDS_PART_OF_HEAP = 0.4;

    /** How many bytes of the heap keep images that were decoded from shards; the others are decoded each time. */
    public static long memoryOfShards() {
        return (long) (SHARDS_PART_OF_HEAP * Runtime.getRuntime().maxMemory());
    }

    /**
     * The format of a name in a configuration, such as {@code cifar10}.
     *
     * @throws IllegalArgumentException naming the formats there are
     */
    public static ImageFormat named(String name) {
        return Arrays.stream(values())
                .filter(format -> format.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no image format '" + name + "'; known: "
                        + Arrays.stream(values()).map(ImageFormat::toString).collect(Collectors.joining(", "))));
    }

    /** The shape of all images of this format; empty if their files say it. */
    public Optional<Shape> shape() {
        return switch (this) {
            case CIFAR10, CIFAR100 -> Optional.of(CifarReader.SHAPE);
            case IMAGENET16_120 -> Optional.of(PickledReader.SHAPE_OF_120);
            case DOWNSAMPLED_IMAGENET, IDX, FOLDER, SHARDS -> Optional.empty();
        };
    }

    /** How many classes all sets of this format have; empty if their files say it. */
    public OptionalInt classes() {
        return switch (this) {
            case CIFAR10 -> OptionalInt.of(CifarReader.CIFAR10_CLASSES);
            case CIFAR100 -> OptionalInt.of(CifarReader.CIFAR100_CLASSES);
            case DOWNSAMPLED_IMAGENET -> OptionalInt.of(PickledReader.CLASSES);
            case IMAGENET16_120 -> OptionalInt.of(PickledReader.CLASSES_OF_120);
            case IDX, FOLDER, SHARDS -> OptionalInt.empty();
        };
    }

    /**
     * A reader of files of this format.
     *
     * @param decoding of files of single images; the others are not scaled yet
     * @param train the paths of the training images
     * @throws IllegalArgumentException naming a path of training images that is not as this format has it
     */
    public ImageReader reader(ImageFiles files, Decoding decoding, List<String> train) {
        return switch (this) {
            case CIFAR10 -> CifarReader.cifar10(files);
            case CIFAR100 -> CifarReader.cifar100(files);
            case IDX -> new IdxReader(files);
            case DOWNSAMPLED_IMAGENET -> new PickledReader(files, PickledReader.CLASSES);
            case IMAGENET16_120 -> new PickledReader(files, PickledReader.CLASSES_OF_120);
            case FOLDER -> new FolderReader(files, decoding, train);
            case SHARDS -> new ShardReader(files, decoding, train);
        };
    }

    /** The name in a configuration. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
