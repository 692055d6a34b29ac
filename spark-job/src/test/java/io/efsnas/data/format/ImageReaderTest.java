package io.efsnas.data.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.data.TestImages;
import io.efsnas.network.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every pixel and label, against the offsets that the formats' descriptions give. */
class ImageReaderTest {

    @TempDir
    private Path directory;

    private ImageSet read(ImageFormat format, String file) {
        return format.reader(new ImageFiles(new Configuration()), Decoding.AS_IT_IS, List.of(file))
                .read(new org.apache.hadoop.fs.Path(file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"batch.bin", "batch.bin.gz"})
    void readsCifar10(String name) {
        byte[] bytes = TestImages.cifar(1, 10, 23, 1);

        ImageSet images = read(ImageFormat.CIFAR10, TestImages.write(directory.resolve(name), bytes));

        assertThat(images.shape()).isEqualTo(new Shape(3, 32, 32));
        assertThat(images.size()).isEqualTo(23);
        for (int i = 0; i < 23; i++) {
            assertThat(images.label(i)).isEqualTo(bytes[i * 3073]);
            assertThat(images.pixels(i)).isEqualTo(Arrays.copyOfRange(bytes, i * 3073 + 1, (i + 1) * 3073));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"train.bin", "train.bin.gz"})
    void readsTheFineLabelsOfCifar100(String name) {
        byte[] bytes = TestImages.cifar(2, 100, 105, 2);

        ImageSet images = read(ImageFormat.CIFAR100, TestImages.write(directory.resolve(name), bytes));

        assertThat(images.shape()).isEqualTo(new Shape(3, 32, 32));
        assertThat(images.size()).isEqualTo(105);
        for (int i = 0; i < 105; i++) {
            assertThat(images.label(i)).isEqualTo(bytes[i * 3074 + 1]);
            assertThat(images.pixels(i)).isEqualTo(Arrays.copyOfRange(bytes, i * 3074 + 2, (i + 1) * 3074));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".gz"})
    void readsIdx(String suffix) {
        byte[] pixels = new byte[6 * 5 * 7];
        new Random(3).nextBytes(pixels);
        byte[] labels = {4, 0, (byte) 255, 2, 4, 1};
        TestImages.write(directory.resolve("some-labels-idx1-ubyte" + suffix), TestImages.idxLabels(labels));
        String file = TestImages.write(
                directory.resolve("some-images-idx3-ubyte" + suffix), TestImages.idxImages(6, 5, 7, pixels));

        ImageSet images = read(ImageFormat.IDX, file);

        assertThat(images.shape()).isEqualTo(new Shape(1, 5, 7));
        assertThat(images.size()).isEqualTo(6);
        for (int i = 0; i < 6; i++) {
            assertThat(images.label(i)).isEqualTo(labels[i] & 0xff);
            assertThat(images.pixels(i)).isEqualTo(Arrays.copyOfRange(pixels, i * 35, (i + 1) * 35));
        }
        assertThat(new IdxReader(new ImageFiles(new Configuration()))
                        .classNames(new org.apache.hadoop.fs.Path(file), List.of(images)))
                .hasSize(256);
    }
}
