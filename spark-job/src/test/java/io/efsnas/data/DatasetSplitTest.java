package io.efsnas.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.data.format.Decoding;
import io.efsnas.data.format.ImageFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;

class DatasetSplitTest {

    private static final Configuration HADOOP = new Configuration();

    private Path directory;

    @BeforeProperty
    void makeDirectory() throws IOException {
        directory = Files.createTempDirectory("efsnas-split");
    }

    @AfterProperty
    void deleteDirectory() throws IOException {
        FileUtils.deleteDirectory(directory.toFile());
    }

    @Property(tries = 100)
    void everyImageIsInOnePartAndThePartsHaveTheirShares(
            @ForAll @IntRange(min = 3, max = 400) int images,
            @ForAll @IntRange(min = 1, max = 99) int trainPercent,
            @ForAll @IntRange(min = 1, max = 99) int validationPercent,
            @ForAll long seed) {
        Assume.that(trainPercent + validationPercent <= 100);
        Assume.that(images * trainPercent >= 100 && images * validationPercent >= 100);
        // The two pixels of an image are its number.
        ByteBuffer pixels = ByteBuffer.allocate(2 * images);
        IntStream.range(0, images).forEach(image -> pixels.putShort((short) image));
        byte[] labels = new byte[images];
        labels[0] = 1;
        TestImages.write(directory.resolve("labels-idx1"), TestImages.idxLabels(labels));
        String file =
                TestImages.write(directory.resolve("images-idx3"), TestImages.idxImages(images, 1, 2, pixels.array()));

        Dataset dataset = Dataset.load(
                new DatasetSpec(
                        ImageFormat.IDX,
                        Decoding.AS_IT_IS,
                        List.of(file),
                        List.of(),
                        trainPercent / 100.0,
                        validationPercent / 100.0,
                        0,
                        1,
                        seed),
                HADOOP);

        assertThat(Math.abs(100 * dataset.train().size() - images * trainPercent))
                .isLessThanOrEqualTo(50);
        assertThat(Math.abs(100 * dataset.validation().size() - images * validationPercent))
                .isLessThanOrEqualTo(100);
        List<Integer> numbers = List.of(dataset.train(), dataset.validation(), dataset.test()).stream()
                .flatMap(part -> IntStream.range(0, part.size())
                        .mapToObj(i -> (int) ByteBuffer.wrap(part.pixels(i)).getShort()))
                .toList();
        assertThat(numbers)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, images).boxed().toList());
    }
}
