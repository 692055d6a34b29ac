package io.efsnas.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.data.format.Decoding;
import io.efsnas.data.format.ImageFormat;
import io.efsnas.data.format.ImageSet;
import io.efsnas.network.Shape;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetTest {

    private static final Configuration HADOOP = new Configuration();

    @TempDir
    private Path directory;

    @Test
    void readsADirectoryOfTheOfficialCifar10Files() {
        for (int file = 1; file <= 5; file++) {
            TestImages.write(directory.resolve("data_batch_" + file + ".bin"), TestImages.cifar(1, 10, 20, file));
        }
        TestImages.write(directory.resolve("test_batch.bin"), TestImages.cifar(1, 10, 30, 6));

        Dataset dataset = Dataset.load(
                new DatasetSpec(
                        ImageFormat.CIFAR10,
                        Decoding.AS_IT_IS,
                        List.of(directory.toString()),
                        List.of(directory.toString()),
                        0.5,
                        0.25,
                        0,
                        1,
                        1),
                HADOOP);

        assertThat(dataset.classes()).isEqualTo(10);
        assertThat(dataset.shape()).isEqualTo(new Shape(3, 32, 32));
        assertThat(dataset.train().size()).isEqualTo(50);
        assertThat(dataset.validation().size()).isEqualTo(25);
        assertThat(contents(dataset.test()))
                .as("the test files in their order, not what the shares leave")
                .isEqualTo(records(TestImages.cifar(1, 10, 30, 6), 1));
    }

    @Test
    void readsADirectoryOfTheOfficialCifar100Files() {
        TestImages.write(directory.resolve("train.bin"), TestImages.cifar(2, 100, 40, 1));
        TestImages.write(directory.resolve("test.bin"), TestImages.cifar(2, 100, 10, 2));

        Dataset dataset = Dataset.load(
                new DatasetSpec(
                        ImageFormat.CIFAR100,
                        Decoding.AS_IT_IS,
                        List.of(directory.toString()),
                        List.of(directory.toString()),
                        0.5,
                        0.5,
                        0,
                        1,
                        1),
                HADOOP);

        assertThat(dataset.classes()).isEqualTo(100);
        assertThat(contents(dataset.train(), dataset.validation()))
                .containsExactlyInAnyOrderElementsOf(records(TestImages.cifar(2, 100, 40, 1), 2));
        assertThat(contents(dataset.test())).isEqualTo(records(TestImages.cifar(2, 100, 10, 2), 2));
    }

    @Test
    void readsAFileUriAsItsPath() {
        String file = TestImages.write(directory.resolve("some.bin"), TestImages.cifar(1, 10, 20, 1));

        assertThat(contents(load("file://" + file, 0, 5).train()))
                .isEqualTo(contents(load(file, 0, 5).train()));
    }

    @Test
    void splitsTheSameForTheSameSeedAndOtherwiseForAnother() {
        String file = TestImages.write(directory.resolve("some.bin"), TestImages.cifar(1, 10, 50, 1));

        Dataset dataset = load(file, 0, 5);
        Dataset again = load(file, 0, 5);
        Dataset other = load(file, 0, 6);

        assertThat(contents(again.train())).isEqualTo(contents(dataset.train()));
        assertThat(contents(again.validation())).isEqualTo(contents(dataset.validation()));
        assertThat(contents(again.test())).isEqualTo(contents(dataset.test()));
        assertThat(contents(other.train())).isNotEqualTo(contents(dataset.train()));
    }

    @Test
    void theLimitTakesASubsetOfTheTrainFiles() {
        byte[] bytes = TestImages.cifar(1, 10, 50, 1);
        String file = TestImages.write(directory.resolve("some.bin"), bytes);

        Dataset dataset = load(file, 20, 5);

        assertThat(dataset.train().size()).isEqualTo(10);
        assertThat(dataset.validation().size()).isEqualTo(6);
        assertThat(dataset.test().size()).isEqualTo(4);
        assertThat(contents(dataset.train(), dataset.validation(), dataset.test()))
                .doesNotHaveDuplicates()
                .isSubsetOf(records(bytes, 1))
                .isNotEqualTo(records(bytes, 1).subList(0, 20));
    }

    @Test
    void normalizesByTheTrainPartAlone() {
        String file = TestImages.write(directory.resolve("some.bin"), TestImages.cifar(1, 10, 20, 1));

        Dataset dataset = load(file, 0, 5);

        assertThat(dataset.normalization())
                .isEqualTo(Normalization.of(dataset.train()))
                .isNotEqualTo(Normalization.of(dataset.validation()));
    }

    @Test
    void theFingerprintIsThatOfShapePixelsAndLabels() throws Exception {
        byte[] train = TestImages.cifar(1, 10, 20, 1);
        byte[] test = TestImages.cifar(1, 10, 10, 2);
        DatasetSpec spec = new DatasetSpec(
                ImageFormat.CIFAR10,
                Decoding.AS_IT_IS,
                List.of(TestImages.write(directory.resolve("some.bin"), train)),
                List.of(TestImages.write(directory.resolve("more.bin"), test)),
                0.5,
                0.5,
                0,
                1,
                1);

        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes("3x32x32 20 ".getBytes(StandardCharsets.US_ASCII));
        content.writeBytes(train);
        content.writeBytes(" 10 ".getBytes(StandardCharsets.US_ASCII));
        content.writeBytes(test);
        assertThat(Dataset.load(spec, HADOOP).fingerprint())
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(content.toByteArray())));
    }

    @Test
    void theFingerprintDoesNotDependOnCompressionLimitOrSeedButOnEveryByte() {
        byte[] bytes = TestImages.cifar(1, 10, 20, 1);
        byte[] otherPixel = bytes.clone();
        otherPixel[bytes.length - 1]++;
        byte[] otherLabel = bytes.clone();
        otherLabel[0]++;

        String fingerprint = load(TestImages.write(directory.resolve("some.bin"), bytes), 0, 5)
                .fingerprint();

        assertThat(load(TestImages.write(directory.resolve("same.bin.gz"), bytes), 10, 6)
                        .fingerprint())
                .isEqualTo(fingerprint);
        assertThat(load(TestImages.write(directory.resolve("pixel.bin"), otherPixel), 0, 5)
                        .fingerprint())
                .isNotEqualTo(fingerprint);
        assertThat(load(TestImages.write(directory.resolve("label.bin"), otherLabel), 0, 5)
                        .fingerprint())
                .isNotEqualTo(fingerprint);
    }

    @Test
    void loadsTheBundledFashionMnist() {
        Path file = Path.of("..", "conf", "data", "fashion-mnist", "t10k-images-idx3-ubyte.gz");
        assertThat(Files.isRegularFile(file)).isTrue();

        Dataset dataset = Dataset.load(
                new DatasetSpec(
                        ImageFormat.IDX, Decoding.AS_IT_IS, List.of(file.toString()), List.of(), 0.5, 0.4, 0, 1, 1),
                HADOOP);

        assertThat(dataset.shape()).isEqualTo(new Shape(1, 28, 28));
        assertThat(dataset.classes()).isEqualTo(10);
        assertThat(dataset.train().size()).isEqualTo(5_000);
        assertThat(dataset.validation().size()).isEqualTo(4_000);
        assertThat(dataset.test().size()).isEqualTo(1_000);
        int[] imagesOfClass = new int[10];
        for (ImageSet part : List.of(dataset.train(), dataset.validation(), dataset.test())) {
            IntStream.range(0, part.size()).forEach(i -> imagesOfClass[part.label(i)]++);
        }
        assertThat(imagesOfClass).containsOnly(1_000);
        assertThat(dataset.classNames()).hasSize(10).startsWith("T-shirt/top").endsWith("Ankle boot");
        assertThat(dataset.trainAndValidation().size()).isEqualTo(9_000);
        assertThat(contents(dataset.trainAndValidation())).isEqualTo(contents(dataset.train(), dataset.validation()));
        // The mean and deviation of Fashion-MNIST that people use are 0.286 and 0.353.
        assertThat(dataset.normalization().mean().get(0)).isBetween(0.28, 0.295);
        assertThat(dataset.normalization().deviation().get(0)).isBetween(0.345, 0.36);
    }

    @Test
    void classesWithoutNamesAreCalledByTheirNumbers() {
        String file = TestImages.write(directory.resolve("a.bin"), TestImages.cifar(1, 10, 20, 1));

        assertThat(load(file, 0, 1).classNames()).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    }

    @Test
    void readsTheClassNamesOfTheOfficialRelease() {
        String names = "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n";
        TestImages.write(directory.resolve("batches.meta.txt"), names.getBytes(StandardCharsets.UTF_8));
        String file = TestImages.write(directory.resolve("a.bin"), TestImages.cifar(1, 10, 20, 1));

        assertThat(load(file, 0, 1).classNames())
                .hasSize(10)
                .startsWith("airplane")
                .endsWith("truck");
    }

    @Test
    void shrinksImagesToTheRoundedMeansOfBlocks() {
        TestImages.write(directory.resolve("labels-idx1"), TestImages.idxLabels(new byte[] {0, 1}));
        byte[] ascending = {
            0,
            1,
            10,
            20, //
            2,
            4,
            30,
            41, //
            (byte) 255,
            (byte) 255,
            5,
            5, //
            (byte) 255,
            (byte) 254,
            5,
            6
        };
        byte[] pixels = Arrays.copyOf(ascending, 32);
        Arrays.fill(pixels, 16, 32, (byte) 200);
        String file = TestImages.write(directory.resolve("images-idx3"), TestImages.idxImages(2, 4, 4, pixels));

        Dataset dataset = Dataset.load(
                new DatasetSpec(ImageFormat.IDX, Decoding.AS_IT_IS, List.of(file), List.of(), 0.5, 0.5, 0, 2, 1),
                HADOOP);

        assertThat(dataset.shape()).isEqualTo(new Shape(1, 2, 2));
        assertThat(contents(dataset.train(), dataset.validation()))
                .containsExactlyInAnyOrder(
                        ByteBuffer.wrap(new byte[] {0, 2, 25, (byte) 255, 5}),
                        ByteBuffer.wrap(new byte[] {1, (byte) 200, (byte) 200, (byte) 200, (byte) 200}));
    }

    @Test
    void shrinksEachChannelByItself() {
        byte[] image = new byte[1 + 3 * 1024];
        Arrays.fill(image, 1, 1025, (byte) 10);
        Arrays.fill(image, 1025, 2049, (byte) 20);
        Arrays.fill(image, 2049, 3073, (byte) 230);
        byte[] twice = Arrays.copyOf(image, 2 * image.length);
        System.arraycopy(image, 0, twice, image.length, image.length);
        twice[image.length] = 1; // the other class
        String file = TestImages.write(directory.resolve("a.bin"), twice);

        Dataset dataset = Dataset.load(
                new DatasetSpec(ImageFormat.CIFAR10, Decoding.AS_IT_IS, List.of(file), List.of(), 0.5, 0.5, 0, 32, 1),
                HADOOP);

        assertThat(dataset.shape()).isEqualTo(new Shape(3, 1, 1));
        assertThat(dataset.train().pixels(0)).containsExactly(10, 20, 230);
    }

    private static Dataset load(String file, int limit, long seed) {
        return Dataset.load(
                new DatasetSpec(
                        ImageFormat.CIFAR10, Decoding.AS_IT_IS, List.of(file), List.of(), 0.5, 0.3, limit, 1, seed),
                HADOOP);
    }

    /** The class and the pixels of each image, in a form that can be compared. */
    private static List<ByteBuffer> contents(ImageSet... sets) {
        return Stream.of(sets)
                .flatMap(set -> IntStream.range(0, set.size())
                        .mapToObj(i -> ByteBuffer.allocate(1 + set.shape().size())
                                .put((byte) set.label(i))
                                .put(set.pixels(i))
                                .flip()))
                .toList();
    }

    /** As {@link #contents}, from the bytes of a CIFAR file. */
    private static List<ByteBuffer> records(byte[] bytes, int labelBytes) {
        List<ByteBuffer> records = new ArrayList<>();
        int size = labelBytes + TestImages.CIFAR_PIXELS;
        for (int start = 0; start < bytes.length; start += size) {
            records.add(ByteBuffer.wrap(bytes, start + labelBytes - 1, size - labelBytes + 1)
                    .slice());
        }
        return records;
    }
}
