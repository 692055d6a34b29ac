package io.efsnas.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.efsnas.data.format.Decoding;
import io.efsnas.data.format.ImageFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a user reads after a mistake: one line that names the place and what is accepted. */
class DatasetErrorTest {

    private static final byte[] CIFAR10 = TestImages.cifar(1, 10, 4, 1);

    @TempDir
    private Path directory;

    /** Makes the files of a mistake in a directory and gives the spec that reads them. */
    @FunctionalInterface
    private interface Mistake extends Function<Path, DatasetSpec> {}

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake("missing file", dir -> cifar10(dir + "/nowhere.bin"), "DIR/nowhere.bin does not exist"),
                mistake(
                        "missing test file",
                        dir -> new DatasetSpec(
                                ImageFormat.CIFAR10,
                                Decoding.AS_IT_IS,
                                List.of(TestImages.write(dir.resolve("a.bin"), CIFAR10)),
                                List.of(dir + "/nowhere.bin"),
                                0.5,
                                0.5,
                                0,
                                1,
                                1),
                        "DIR/nowhere.bin does not exist"),
                mistake(
                        "directory without an official file",
                        dir -> {
                            TestImages.write(dir.resolve("data_batch_1.bin"), CIFAR10);
                            return cifar10(dir.toString());
                        },
                        "DIR/data_batch_2.bin does not exist"),
                mistake(
                        "directory in the place of a file",
                        dir -> {
                            makeDirectory(dir.resolve("data_batch_1.bin"));
                            return cifar10(dir.toString());
                        },
                        "DIR/data_batch_1.bin is a directory; an image file is wanted"),
                mistake(
                        "class names that are too few",
                        dir -> {
                            TestImages.write(dir.resolve("batches.meta.txt"), new byte[] {'c', 'a', 't'});
                            return cifar10(TestImages.write(dir.resolve("a.bin"), CIFAR10));
                        },
                        "DIR/batches.meta.txt names 1 classes, but the images have labels 0 to 9; expected a line for"
                                + " each"),
                mistake(
                        "empty file",
                        dir -> cifar10(TestImages.write(dir.resolve("a.bin"), new byte[0])),
                        "DIR/a.bin is empty; a CIFAR-10 file has records of 3073 bytes"),
                mistake(
                        "empty compressed file",
                        dir -> cifar10(TestImages.write(dir.resolve("a.bin.gz"), new byte[0])),
                        "DIR/a.bin.gz is empty; a CIFAR-10 file has records of 3073 bytes"),
                mistake(
                        "truncated CIFAR-10 file",
                        dir -> cifar10(TestImages.write(dir.resolve("a.bin"), Arrays.copyOf(CIFAR10, 3 * 3073 + 100))),
                        "DIR/a.bin: record 3 (from 0) has 100 bytes;"
                                + " a CIFAR-10 file is a whole number of records of 3073 bytes"),
                mistake(
                        "CIFAR-100 file that ends between its two labels",
                        dir -> cifar100(TestImages.write(
                                dir.resolve("a.bin"), Arrays.copyOf(TestImages.cifar(2, 100, 3, 1), 2 * 3074 + 1))),
                        "DIR/a.bin: record 2 (from 0) has 1 bytes;"
                                + " a CIFAR-100 file is a whole number of records of 3074 bytes"),
                mistake(
                        "CIFAR-10 label out of range",
                        dir -> cifar10(TestImages.write(dir.resolve("a.bin"), with(CIFAR10, 2 * 3073, 10))),
                        "DIR/a.bin: record 2 (from 0) has the label 10; the labels of CIFAR-10 are 0 to 9"),
                mistake(
                        "CIFAR-100 label out of range",
                        dir -> cifar100(TestImages.write(
                                dir.resolve("a.bin"), with(TestImages.cifar(2, 100, 3, 1), 3074 + 1, 200))),
                        "DIR/a.bin: record 1 (from 0) has the label 200; the labels of CIFAR-100 are 0 to 99"),
                mistake(
                        "scheme that Hadoop does not know",
                        dir -> cifar10("nosuch://host/a.bin"),
                        "nosuch://host/a.bin: No FileSystem for scheme \"nosuch\";"
                                + " accepted are file:, hdfs: and what else Hadoop is set up for"),
                mistake(
                        "scheme whose classes are missing",
                        dir -> cifar10("s3a://bucket/a.bin"),
                        "s3a://bucket/a.bin: the classes for s3a: are not on the class path; put hadoop-aws there;"
                                + " accepted are file:, hdfs: and what else Hadoop is set up for"),
                mistake(
                        "IDX directory",
                        dir -> idx(dir.toString()),
                        "DIR is a directory; this format takes the image files themselves"),
                mistake(
                        "IDX file whose labels cannot be found by its name",
                        dir -> idx(TestImages.write(dir.resolve("pictures"), new byte[16])),
                        "DIR/pictures: the name of an IDX image file has images-idx3 in it,"
                                + " where that of its label file has labels-idx1"),
                mistake(
                        "no IDX label file",
                        dir -> idx(TestImages.write(
                                dir.resolve("images-idx3"), TestImages.idxImages(2, 1, 1, new byte[2]))),
                        "cannot read DIR/labels-idx1: File DIR/labels-idx1 does not exist"),
                idx(
                        "empty IDX image file",
                        new byte[0],
                        TestImages.idxLabels((byte) 0, (byte) 1),
                        "DIR/images-idx3 is empty; an IDX image file begins with a header"),
                idx(
                        "IDX header cut short",
                        new byte[10],
                        TestImages.idxLabels((byte) 0, (byte) 1),
                        "DIR/images-idx3 has 10 bytes; the header of an IDX image file alone has 16"),
                idx(
                        "labels in the place of images",
                        Arrays.copyOf(TestImages.idxLabels(new byte[16]), 24),
                        TestImages.idxLabels((byte) 0, (byte) 1),
                        "DIR/images-idx3 begins with the magic number 0x00000801;"
                                + " an IDX image file begins with 0x00000803"),
                idx(
                        "images in the place of labels",
                        TestImages.idxImages(2, 1, 1, new byte[2]),
                        TestImages.idxImages(2, 1, 1, new byte[2]),
                        "DIR/labels-idx1 begins with the magic number 0x00000803;"
                                + " an IDX label file begins with 0x00000801"),
                idx(
                        "IDX file of no images",
                        TestImages.idxImages(0, 1, 1, new byte[0]),
                        TestImages.idxLabels((byte) 0, (byte) 1),
                        "DIR/images-idx3: the header says 0 images; at least 1 is wanted"),
                idx(
                        "IDX file of a negative number of labels",
                        TestImages.idxImages(2, 1, 1, new byte[2]),
                        with(TestImages.idxLabels((byte) 0, (byte) 1), 4, 0xff),
                        "DIR/labels-idx1: the header says -16777214 labels; at least 1 is wanted"),
                idx(
                        "IDX images without pixels",
                        TestImages.idxImages(2, 0, 1, new byte[0]),
                        TestImages.idxLabels((byte) 0, (byte) 1),
                        "DIR/images-idx3: the header says images of 0x1 pixels; accepted are sides of 1 to 4096"),
                idx(
                        "image and label counts differ",
                        TestImages.idxImages(3, 1, 1, new byte[3]),
                        TestImages.idxLabels((byte) 0, (byte) 1),
                        "DIR/images-idx3 has 3 images but DIR/labels-idx1 has 2 labels"),
                idx(
                        "IDX image file shorter than its header says",
                        TestImages.idxImages(2, 2, 2, new byte[7]),
                        TestImages.idxLabels((byte) 0, (byte) 1),
                        "DIR/images-idx3 ends in image 1 (from 0); its header says 2 images of 2x2 pixels"),
                idx(
                        "IDX image file longer than its header says",
                        TestImages.idxImages(2, 2, 2, new byte[9]),
                        TestImages.idxLabels((byte) 0, (byte) 1),
                        "DIR/images-idx3 is longer than the 2 images of 2x2 pixels that its header says"),
                idx(
                        "IDX label file shorter than its header says",
                        TestImages.idxImages(2, 1, 1, new byte[2]),
                        Arrays.copyOf(TestImages.idxLabels((byte) 0, (byte) 1), 9),
                        "DIR/labels-idx1 ends after 1 labels; its header says 2"),
                idx(
                        "IDX label file longer than its header says",
                        TestImages.idxImages(2, 1, 1, new byte[2]),
                        Arrays.copyOf(TestImages.idxLabels((byte) 0, (byte) 1), 11),
                        "DIR/labels-idx1 is longer than the 2 labels that its header says"),
                idx(
                        "one class",
                        TestImages.idxImages(2, 1, 1, new byte[2]),
                        TestImages.idxLabels((byte) 0, (byte) 0),
                        "data.train: all labels of [DIR/images-idx3] are 0; at least 2 classes are wanted"),
                idx(
                        "one class that is not the first",
                        TestImages.idxImages(2, 1, 1, new byte[2]),
                        TestImages.idxLabels((byte) 3, (byte) 3),
                        "data.train: all labels of [DIR/images-idx3] are 3; at least 2 classes are wanted"),
                mistake(
                        "one class of CIFAR-10",
                        dir -> cifar10(TestImages.write(dir.resolve("a.bin"), TestImages.cifar(1, 1, 4, 1))),
                        "data.train: all labels of [DIR/a.bin] are 0; at least 2 classes are wanted"),
                mistake(
                        "file that is listed twice",
                        dir -> {
                            String file = TestImages.write(dir.resolve("a.bin"), CIFAR10);
                            return new DatasetSpec(
                                    ImageFormat.CIFAR10,
                                    Decoding.AS_IT_IS,
                                    List.of(file, file),
                                    List.of(),
                                    0.5,
                                    0.5,
                                    0,
                                    1,
                                    1);
                        },
                        "data.train, data.test: DIR/a.bin is listed twice, by itself or in a folder; expected each image"
                                + " once"),
                mistake(
                        "file that is listed with its folder",
                        dir -> {
                            for (int batch = 1; batch <= 5; batch++) {
                                TestImages.write(
                                        dir.resolve("data_batch_" + batch + ".bin"), TestImages.cifar(1, 10, 4, batch));
                            }
                            return new DatasetSpec(
                                    ImageFormat.CIFAR10,
                                    Decoding.AS_IT_IS,
                                    List.of(dir.toString(), dir + "/data_batch_2.bin"),
                                    List.of(),
                                    0.5,
                                    0.5,
                                    0,
                                    1,
                                    1);
                        },
                        "data.train, data.test: DIR/data_batch_2.bin is listed twice, by itself or in a folder; expected"
                                + " each image once"),
                mistake(
                        "copy of a train file to test",
                        dir -> new DatasetSpec(
                                ImageFormat.CIFAR10,
                                Decoding.AS_IT_IS,
                                List.of(TestImages.write(dir.resolve("a.bin"), CIFAR10)),
                                List.of(TestImages.write(dir.resolve("b.bin.gz"), CIFAR10)),
                                0.5,
                                0.5,
                                0,
                                1,
                                1),
                        "data.train, data.test: DIR/b.bin.gz has the same images as DIR/a.bin; expected each image once"),
                mistake(
                        "images of different sizes",
                        dir -> {
                            TestImages.write(dir.resolve("labels-idx1"), TestImages.idxLabels((byte) 0, (byte) 1));
                            TestImages.write(dir.resolve("b-labels-idx1"), TestImages.idxLabels((byte) 0, (byte) 1));
                            return idx(
                                    TestImages.write(
                                            dir.resolve("images-idx3"), TestImages.idxImages(2, 3, 1, new byte[6])),
                                    TestImages.write(
                                            dir.resolve("b-images-idx3"), TestImages.idxImages(2, 1, 3, new byte[6])));
                        },
                        "DIR/b-images-idx3 has images of 1x1x3 but DIR/images-idx3 of 1x3x1; all must have one shape"),
                mistake(
                        "no image to train",
                        dir -> spec(TestImages.write(dir.resolve("a.bin"), CIFAR10), 0.1, 0.9, 0),
                        "data.train-share, data.validation-share: of 4 images 0.1 and 0.9 leave 0 to train and 4 to validate; at least 1 each is wanted"),
                mistake(
                        "no image to validate",
                        dir -> spec(TestImages.write(dir.resolve("a.bin"), CIFAR10), 0.5, 0.1, 2),
                        "data.train-share, data.validation-share: of 2 images 0.5 and 0.1 leave 1 to train and 0 to validate; at least 1 each is wanted"),
                mistake(
                        "limit above what there is",
                        dir -> spec(TestImages.write(dir.resolve("a.bin"), CIFAR10), 0.5, 0.5, 5),
                        "data.limit: 5 is not accepted; expected 0 for all, or at most the 4 images in [DIR/a.bin]"),
                mistake(
                        "no train file",
                        dir -> new DatasetSpec(
                                ImageFormat.IDX, Decoding.AS_IT_IS, List.of(), List.of(), 0.5, 0.5, 0, 1, 1),
                        "a data set needs at least one path of train files"),
                mistake("blank path", dir -> cifar10(" "), "a path of a data set is blank"),
                mistake(
                        "share of 0",
                        dir -> spec("a.bin", 0, 0.5, 0),
                        "the train and validation shares must be above 0 and their sum at most 1, not 0.0 and 0.5"),
                mistake(
                        "share that is no number",
                        dir -> spec("a.bin", 0.5, Double.NaN, 0),
                        "the train and validation shares must be above 0 and their sum at most 1, not 0.5 and NaN"),
                mistake(
                        "shares above 1",
                        dir -> spec("a.bin", 0.6, 0.5, 0),
                        "the train and validation shares must be above 0 and their sum at most 1, not 0.6 and 0.5"),
                mistake(
                        "negative limit",
                        dir -> spec("a.bin", 0.5, 0.5, -1),
                        "the limit must be a number of images, or 0 for all, not -1"),
                mistake(
                        "shrunk to nothing",
                        dir -> shrunk(TestImages.write(dir.resolve("a.bin"), CIFAR10), 0),
                        "the images can be shrunk 1 time or more, not 0"),
                mistake(
                        "no whole blocks",
                        dir -> shrunk(TestImages.write(dir.resolve("a.bin"), CIFAR10), 3),
                        "data.shrink: 3 is not accepted; expected a number that divides the sides of the images of 3x32x32 in"
                                + " DIR/a.bin"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void endsWithOneClearLine(String name, Mistake mistake, String message) {
        assertThat(catchThrowable(() -> Dataset.load(mistake.apply(directory), new Configuration())))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(message.replace("DIR", directory.toString()));
    }

    static Stream<Arguments> damages() {
        return Stream.of(
                arguments("cut short", (Function<byte[], byte[]>) bytes -> Arrays.copyOf(bytes, bytes.length / 2)),
                arguments("not compressed", (Function<byte[], byte[]>) bytes -> CIFAR10));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void namesADamagedCompressedFile(String name, Function<byte[], byte[]> damage) throws IOException {
        Path file = directory.resolve("a.bin.gz");
        TestImages.write(file, CIFAR10);
        Files.write(file, damage.apply(Files.readAllBytes(file)));

        assertThat(catchThrowable(() -> Dataset.load(cifar10(file.toString()), new Configuration())))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(file + " is damaged, or not compressed as its name says: ")
                .hasMessageNotContainingAny("\n", "null");
    }

    private static Arguments mistake(String name, Mistake mistake, String message) {
        return arguments(name, mistake, message);
    }

    private static Arguments idx(String name, byte[] images, byte[] labels, String message) {
        return mistake(
                name,
                dir -> {
                    TestImages.write(dir.resolve("labels-idx1"), labels);
                    return idx(TestImages.write(dir.resolve("images-idx3"), images));
                },
                message);
    }

    private static DatasetSpec idx(String... files) {
        return new DatasetSpec(ImageFormat.IDX, Decoding.AS_IT_IS, List.of(files), List.of(), 0.5, 0.5, 0, 1, 1);
    }

    private static DatasetSpec cifar10(String file) {
        return spec(file, 0.5, 0.5, 0);
    }

    private static DatasetSpec cifar100(String file) {
        return new DatasetSpec(ImageFormat.CIFAR100, Decoding.AS_IT_IS, List.of(file), List.of(), 0.5, 0.5, 0, 1, 1);
    }

    private static DatasetSpec spec(String file, double trainShare, double validationShare, int limit) {
        return new DatasetSpec(
                ImageFormat.CIFAR10,
                Decoding.AS_IT_IS,
                List.of(file),
                List.of(),
                trainShare,
                validationShare,
                limit,
                1,
                1);
    }

    private static DatasetSpec shrunk(String file, int shrink) {
        return new DatasetSpec(
                ImageFormat.CIFAR10, Decoding.AS_IT_IS, List.of(file), List.of(), 0.5, 0.5, 0, shrink, 1);
    }

    private static byte[] with(byte[] bytes, int position, int value) {
        byte[] changed = bytes.clone();
        changed[position] = (byte) value;
        return changed;
    }

    private static void makeDirectory(Path path) {
        try {
            Files.createDirectory(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
