package io.efsnas.data;

import io.efsnas.data.format.ImageFiles;
import io.efsnas.data.format.ImageReader;
import io.efsnas.data.format.ImageSet;
import io.efsnas.network.Shape;
import io.efsnas.random.KeyedRandom;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The images of a search in three disjoint parts: train for the supernets' weights, validation for scoring subnets, test
 * for the selected network. Depends on the {@link DatasetSpec} and the files alone. Immutable.
 */
public final class Dataset {

    private static final int MOST_OF_A_BYTE = 255;

    private final List<String> classNames;
    private final List<Integer> emptyClasses;
    private final List<String> remarks;
    private final ImageSet train;
    private final ImageSet validation;
    private final ImageSet test;
    private final Normalization normalization;
    private final String fingerprint;

    private Dataset(
            List<String> classNames,
            List<Integer> emptyClasses,
            List<String> remarks,
            ImageSet train,
            ImageSet validation,
            ImageSet test,
            Normalization normalization,
            String fingerprint) {
        this.classNames = classNames;
        this.emptyClasses = emptyClasses;
        this.remarks = remarks;
        this.train = train;
        this.validation = validation;
        this.test = test;
        this.normalization = normalization;
        this.fingerprint = fingerprint;
    }

    /**
     * Reads all files and splits them.
     *
     * @throws IllegalArgumentException if a file is missing or not of the format, naming file, record and what is
     *     accepted, or if the train or the validation part has no image
     * @throws java.io.UncheckedIOException if reading fails
     */
    public static Dataset load(DatasetSpec spec, Configuration hadoop) {
        ImageFiles files = new ImageFiles(hadoop);
        ImageReader reader = spec.format().reader(files, spec.decoding(), spec.train());
        List<Path> trainFiles = reader.trainFiles(spec.train());
        List<Path> testFiles = reader.testFiles(spec.test());
        List<Path> allFiles =
                Stream.concat(trainFiles.stream(), testFiles.stream()).toList();
        requireOnce(allFiles);
        List<ImageSet> read = allFiles.stream()
                .map(file -> shrunk(file, reader.read(file).scaled(spec.decoding()), spec.shrink()))
                .toList();
        Shape shape = requireOneShape(allFiles, read);
        requireDifferent(allFiles, read);
        List<String> classNames = reader.classNames(trainFiles.get(0), read);
        ImageSet fromTrainFiles = ImageSet.concatenated(shape, read.subList(0, trainFiles.size()));
        ImageSet fromTestFiles = ImageSet.concatenated(shape, read.subList(trainFiles.size(), read.size()));

        BitSet labels = fromTrainFiles.labels();
        if (labels.cardinality() < 2) {
            throw new IllegalArgumentException("data.train: all labels of " + trainFiles + " are "
                    + labels.nextSetBit(0) + "; at least 2 classes are wanted");
        }
        int count = fromTrainFiles.size();
        if (spec.limit() > count) {
            throw new IllegalArgumentException(
                    "data.limit: " + spec.limit() + " is not accepted; expected 0 for all, or at" + " most the " + count
                            + " images in " + trainFiles);
        }
        int used = spec.limit() == 0 ? count : spec.limit();
        int trainEnd = (int) Math.round(used * spec.trainShare());
        int validationEnd = (int) Math.round(used * (spec.trainShare() + spec.validationShare()));
        if (trainEnd == 0 || validationEnd == trainEnd) {
            throw new IllegalArgumentException("data.train-share, data.validation-share: of " + used + " images "
                    + spec.trainShare() + " and " + spec.validationShare() + " leave " + trainEnd + " to train and "
                    + (validationEnd - trainEnd)
                    + " to validate; at least 1 each is wanted");
        }
        int[] order = Permutation.of(count, KeyedRandom.of(spec.seed(), KeyedRandom.Purpose.SPLIT));
        ImageSet train = fromTrainFiles.select(order, 0, trainEnd);
        return new Dataset(
                classNames,
                emptyClasses(labels, classNames.size()),
                reader.remarks(),
                train,
                fromTrainFiles.select(order, trainEnd, validationEnd),
                testFiles.isEmpty() ? fromTrainFiles.select(order, validationEnd, used) : fromTestFiles,
                read.get(0).known().isPresent()
                        ? Normalization.of(knownHistograms(read.subList(0, trainFiles.size())))
                        : Normalization.of(train),
                fingerprint(shape, List.of(fromTrainFiles, fromTestFiles), read));
    }

    /** Whether one of the paths of train files is there, of which else nothing could be read. */
    public static boolean hasFiles(DatasetSpec spec, Configuration hadoop) {
        ImageFiles files = new ImageFiles(hadoop);
        return spec.train().stream().anyMatch(path -> files.exists(new Path(path)));
    }

    /** The shape of every image. */
    public Shape shape() {
        return train.shape();
    }

    public int classes() {
        return classNames.size();
    }

    /**
     * What each class is called: by its folder, or by the file that the format has for it beside the first of the training
     * images, which is {@code batches.meta.txt} of CIFAR-10, {@code fine_label_names.txt} of CIFAR-100, {@code
     * class-names.txt} for IDX and downsampled ImageNet. Without it classes are called by their numbers.
     */
    public List<String> classNames() {
        return classNames;
    }

    /** The classes, from 0, that no image of the train files has: labels may be wrong. */
    public List<Integer> emptyClasses() {
        return emptyClasses;
    }

    /** What the reading has passed over, such as hidden files, a line each. */
    public List<String> remarks() {
        return remarks;
    }

    /** Trains the supernets; never empty. */
    public ImageSet train() {
        return train;
    }

    /** Scores subnets; never empty. */
    public ImageSet validation() {
        return validation;
    }

    /** Trains the final network: all images that the search has used. */
    public ImageSet trainAndValidation() {
        return ImageSet.concatenated(shape(), List.of(train, validation));
    }

    /** No search looks at these; empty if the shares leave nothing and no test files are given. */
    public ImageSet test() {
        return test;
    }

    /**
     * That of the train part, for all parts. Of images that are not in memory it is that of all images of the train files as
     * they were prepared, so that none has to be decoded.
     */
    public Normalization normalization() {
        return normalization;
    }

    /**
     * SHA-256 in hexadecimal digits over shape, pixels (shrunk) and labels of all files in their order, whatever their
     * compression and names; of images that are not in memory over the checksums of the files in place of pixels. It does
     * not depend on the limit, the shares or the seed.
     */
    public String fingerprint() {
        return fingerprint;
    }

    /**
     * The shape of images with sides that are {@code times} times smaller.
     *
     * @param whose images, as a message names them
     * @throws IllegalArgumentException if the sides cannot be divided by it
     */
    public static Shape shrunk(String whose, Shape shape, int times) {
        if (shape.height() % times != 0 || shape.width() % times != 0) {
            throw new IllegalArgumentException(
                    "data.shrink: " + times + " is not accepted; expected a number that divides"
                            + " the sides of the images of " + shape + " in " + whose);
        }
        return new Shape(shape.channels(), shape.height() / times, shape.width() / times);
    }

    private static ImageSet shrunk(Path file, ImageSet images, int times) {
        shrunk(file.toString(), images.shape(), times);
        if (times > 1 && !images.inMemory()) {
            throw new IllegalArgumentException(
                    "data.shrink: " + times
                            + " is not accepted with data.format = shards; set data.side to the height and width of the images");
        }
        return times == 1 ? images : images.shrunk(times);
    }

    private static List<Integer> emptyClasses(BitSet labels, int classes) {
        return IntStream.range(0, classes)
                .filter(label -> !labels.get(label))
                .boxed()
                .toList();
    }

    /** An image in two files would both train and validate, and be taken for one that was never seen. */
    private static void requireOnce(List<Path> files) {
        Set<Path> seen = new HashSet<>();
        for (Path file : files) {
            if (!seen.add(file)) {
                throw new IllegalArgumentException("data.train, data.test: " + file
                        + " is listed twice, by itself or in a folder; expected each image once");
            }
        }
    }

    /** The same of files that are copies, or one file under two names. */
    private static void requireDifferent(List<Path> files, List<ImageSet> read) {
        for (int i = 0; i < files.size(); i++) {
            for (int j = i + 1; j < files.size(); j++) {
                if (read.get(i).hasImagesOf(read.get(j))) {
                    throw new IllegalArgumentException("data.train, data.test: " + files.get(j)
                            + " has the same images as " + files.get(i) + "; expected each image once");
                }
            }
        }
    }

    private static Shape requireOneShape(List<Path> files, List<ImageSet> read) {
        Shape shape = read.get(0).shape();
        for (int i = 1; i < read.size(); i++) {
            if (!read.get(i).shape().equals(shape)) {
                throw new IllegalArgumentException(files.get(i) + " has images of "
                        + read.get(i).shape() + " but " + files.get(0) + " of " + shape + "; all must have one shape");
            }
        }
        return shape;
    }

    private static List<long[]> knownHistograms(List<ImageSet> sets) {
        List<long[]> sums = new ArrayList<>();
        for (int channel = 0; channel < sets.get(0).shape().channels(); channel++) {
            long[] sum = new long[Normalization.LEVELS];
            for (ImageSet set : sets) {
                long[] counts = set.known().orElseThrow().histograms().get(channel);
                Arrays.setAll(sum, level -> sum[level] + counts[level]);
            }
            sums.add(sum);
        }
        return sums;
    }

    /**
     * @param sets the images of train and of test files
     * @param read the images of each file
     */
    private static String fingerprint(Shape shape, List<ImageSet> sets, List<ImageSet> read) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
        digest.update(shape.toString().getBytes(StandardCharsets.US_ASCII));
        for (ImageSet set : sets) {
            digest.update((" " + set.size() + " ").getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < set.size() && set.inMemory(); i++) {
                digest.update((byte) set.label(i));
                if (set.label(i) > MOST_OF_A_BYTE) {
                    digest.update((byte) (set.label(i) >> Byte.SIZE));
                }
                digest.update(set.pixels(i));
            }
        }
        read.stream()
                .flatMap(set -> set.known().stream())
                .forEach(known -> digest.update(known.checksum().getBytes(StandardCharsets.US_ASCII)));
        return HexFormat.of().formatHex(digest.digest());
    }
}
