package io.efsnas.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.efsnas.data.format.ImageSet;
import io.efsnas.network.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ScoringBatchesTest {

    private static final Shape SHAPE = new Shape(2, 2, 3);
    private static final ImageSet IMAGES = TestImages.numbered(SHAPE, 200);
    private static final Normalization NORMALIZATION = Normalization.of(IMAGES);

    @Property(tries = 200)
    void everyImageIsThereInOrderAndTheSizesAreEven(
            @ForAll @IntRange(min = 1, max = 200) int images, @ForAll @IntRange(min = 1, max = 250) int largest) {
        ScoringBatches batches = new ScoringBatches(IMAGES, images, NORMALIZATION, largest);

        List<Batch> all =
                IntStream.range(0, batches.count()).mapToObj(batches::batch).toList();

        assertThat(all.stream().flatMapToInt(batch -> Arrays.stream(batch.labels())))
                .containsExactlyElementsOf(IntStream.range(0, images).boxed().toList());
        int most = all.stream().mapToInt(Batch::size).max().orElseThrow();
        int least = all.stream().mapToInt(Batch::size).min().orElseThrow();
        assertThat(most).isLessThanOrEqualTo(largest);
        assertThat(most - least).isLessThanOrEqualTo(1);
        assertThat(batches.count()).as("as few as can be").isEqualTo((int) Math.ceil((double) images / largest));
    }

    @Example
    void imagesAreNormalizedAndNothingElse() {
        Batch batch = new ScoringBatches(IMAGES, 200, NORMALIZATION, 50).batch(2);

        for (int i = 0; i < 50; i++) {
            for (int at = 0; at < SHAPE.size(); at++) {
                int channel = at / SHAPE.pixels();
                double pixel = (IMAGES.pixels(100 + i)[at] & 0xff) / 255.0;
                assertThat(batch.images()[i * SHAPE.size() + at])
                        .isEqualTo((float) ((pixel - NORMALIZATION.mean().get(channel))
                                / NORMALIZATION.deviation().get(channel)));
            }
        }
    }

    @Example
    void refusesWhatIsNotThere() {
        ScoringBatches batches = new ScoringBatches(IMAGES, 200, NORMALIZATION, 50);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> batches.batch(4))
                .withMessage("there are batches 0 to 3, not 4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ScoringBatches(IMAGES, 200, NORMALIZATION, 0))
                .withMessage("cannot make batches of 0 of 200 of 200 images; at least 1 each is wanted");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ScoringBatches(IMAGES, 201, NORMALIZATION, 50))
                .withMessage("cannot make batches of 50 of 201 of 200 images; at least 1 each is wanted");
    }
}
