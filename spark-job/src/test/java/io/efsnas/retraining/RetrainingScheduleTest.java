package io.efsnas.retraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.data.Augmentation;
import io.efsnas.data.Batch;
import io.efsnas.network.Shape;
import io.efsnas.training.CosineSchedule;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RetrainingScheduleTest {

    private static final int EPOCHS = 10;
    private static final int STEPS = 4;

    @Test
    void theLearningRateRisesToItsCosine() {
        RetrainingSchedule.LearningRate rates = new RetrainingSchedule.LearningRate(0.1, 0, 2);
        CosineSchedule cosine = new CosineSchedule(0.1, 0, EPOCHS * STEPS);

        for (int step = 0; step < EPOCHS * STEPS; step++) {
            double share = Math.min(1, (step + 1) / 8.0);
            assertThat(rates.rate(step, EPOCHS, STEPS)).isCloseTo(share * cosine.rate(step), within(1e-12));
        }
    }

    @Test
    void withoutWarmUpItIsTheCosine() {
        assertThat(new RetrainingSchedule.LearningRate(0.1, 0.01, 0).rate(7, EPOCHS, STEPS))
                .isEqualTo(new CosineSchedule(0.1, 0.01, EPOCHS * STEPS).rate(7));
    }

    @Test
    void progressIsTheShareOfTheEpochsBeforeAStep() {
        RetrainingSchedule schedule = new RetrainingSchedule(
                EPOCHS, 8, new RetrainingSchedule.LearningRate(0.1, 0, 0), new Augmentation(false, 0), 0, 0, 1);

        assertThat(schedule.progress(STEPS - 1, STEPS)).isZero();
        assertThat(schedule.progress(STEPS, STEPS)).isEqualTo(0.1);
        assertThat(schedule.progress(EPOCHS * STEPS - 1, STEPS)).isEqualTo(0.9);
    }

    @Test
    void cutoutLeavesASquareWithinEachImage() {
        Shape shape = new Shape(2, 9, 7);
        float[] ones = new float[50 * shape.size()];
        Arrays.fill(ones, 1);
        Batch batch = new Batch(ones, new int[50], shape);

        Batch cut = Cutout.of(batch, 4, 3, 11);

        assertThat(batch.images()).containsOnly(1);
        assertThat(Cutout.of(batch, 4, 3, 11).images()).isEqualTo(cut.images());
        assertThat(Cutout.of(batch, 4, 3, 12).images()).isNotEqualTo(cut.images());
        for (int image = 0; image < 50; image++) {
            int[] missing = {shape.height(), -1, shape.width(), -1, 0};
            for (int row = 0; row < shape.height(); row++) {
                for (int column = 0; column < shape.width(); column++) {
                    int at = image * shape.size() + row * shape.width() + column;
                    assertThat(cut.images()[at]).isEqualTo(cut.images()[at + shape.pixels()]);
                    if (cut.images()[at] == 0) {
                        missing[0] = Math.min(missing[0], row);
                        missing[1] = Math.max(missing[1], row);
                        missing[2] = Math.min(missing[2], column);
                        missing[3] = Math.max(missing[3], column);
                        missing[4]++;
                    }
                }
            }
            int height = missing[1] - missing[0] + 1;
            int width = missing[3] - missing[2] + 1;
            assertThat(height).isBetween(2, 4);
            assertThat(width).isBetween(2, 4);
            assertThat(missing[4]).as("a full rectangle").isEqualTo(height * width);
        }
    }
}
