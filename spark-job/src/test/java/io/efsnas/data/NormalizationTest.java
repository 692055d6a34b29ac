package io.efsnas.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.data.format.ImageSet;
import io.efsnas.network.Shape;
import java.util.List;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.junit.jupiter.api.Test;

class NormalizationTest {

    @Test
    void isTheMeanAndTheDeviationOfEachChannel() {
        ImageSet images = TestImages.numbered(new Shape(3, 5, 4), 50);

        Normalization normalization = Normalization.of(images);

        for (int channel = 0; channel < 3; channel++) {
            SummaryStatistics expected = new SummaryStatistics();
            for (int i = 0; i < images.size(); i++) {
                for (int pixel = 0; pixel < 20; pixel++) {
                    expected.addValue((images.pixels(i)[channel * 20 + pixel] & 0xff) / 255.0);
                }
            }
            assertThat(normalization.mean().get(channel)).isCloseTo(expected.getMean(), within(1e-12));
            assertThat(normalization.deviation().get(channel))
                    .isCloseTo(Math.sqrt(expected.getPopulationVariance()), within(1e-12));
        }
    }

    @Test
    void aConstantChannelIsCentredButNotScaled() {
        Shape shape = new Shape(2, 1, 3);
        ImageSet images = ImageSet.of(
                shape, List.of(new byte[] {51, 51, 51, 0, 1, 2}, new byte[] {51, 51, 51, 3, 4, 5}), new int[] {0, 1});

        Normalization normalization = Normalization.of(images);

        assertThat(normalization.mean().get(0)).isEqualTo(0.2);
        assertThat(normalization.deviation().get(0)).isEqualTo(1);
        assertThat(normalization.deviation().get(1)).isLessThan(1);
    }

    @Test
    void normalizedTrainImagesHaveMeanZeroAndDeviationOne() {
        ImageSet images = TestImages.numbered(new Shape(3, 6, 6), 64);

        Batch batch = new TrainingBatches(images, Normalization.of(images), 64, Augmentation.NONE, 1, 0).batch(0);

        for (int channel = 0; channel < 3; channel++) {
            SummaryStatistics values = new SummaryStatistics();
            for (int i = 0; i < 64; i++) {
                for (int pixel = 0; pixel < 36; pixel++) {
                    values.addValue(batch.images()[(i * 3 + channel) * 36 + pixel]);
                }
            }
            assertThat(values.getMean()).isCloseTo(0, within(1e-6));
            assertThat(values.getPopulationVariance()).isCloseTo(1, within(1e-6));
        }
    }

    @Test
    void refusesADeviationThatCannotDivide() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Normalization(List.of(0.5), List.of(0.0)))
                .withMessage("each channel needs a mean and a deviation above 0, not [0.5] and [0.0]");
        assertThatIllegalArgumentException().isThrownBy(() -> new Normalization(List.of(0.5), List.of(1.0, 1.0)));
    }
}
