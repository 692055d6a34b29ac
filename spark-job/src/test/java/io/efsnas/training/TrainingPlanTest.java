package io.efsnas.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.data.Augmentation;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TrainingPlanTest {

    private static TrainingPlan plan(long steps, double initial, double last) {
        return new TrainingPlan(
                steps, new SchemeSpec("balanced", 1, Map.of()), 8, initial, last, 0, Augmentation.NONE, 1);
    }

    @Test
    void theLearningRateGoesFromTheInitialOneToTheFinalOne() {
        TrainingPlan plan = plan(1000, 0.025, 0.001);

        assertThat(plan.learningRate(0)).isEqualTo(0.025f);
        assertThat(plan.learningRate(500)).isCloseTo(0.013f, within(1e-8f));
        assertThat(plan.learningRate(999)).isCloseTo(0.001f, within(1e-7f)).isGreaterThan(0.001f);
        assertThat(plan.learningRate(1000)).isEqualTo(0.001f);
    }

    @Property(tries = 200)
    void theLearningRateFallsAsASquaredCosineOfHalfTheAngle(
            @ForAll @IntRange(min = 1, max = 100_000) int steps,
            @ForAll @DoubleRange(min = 0, max = 1) double share,
            @ForAll @DoubleRange(min = 0.01, max = 1) double initial,
            @ForAll @DoubleRange(min = 0, max = 0.01) double last) {
        TrainingPlan plan = plan(steps, initial, last);
        int step = (int) (share * (steps - 1));

        double half = Math.cos(Math.PI / 2 * step / steps);
        assertThat((double) plan.learningRate(step))
                .isCloseTo(last * (1 - half * half) + initial * half * half, within(1e-7));
        assertThat(plan.learningRate(step + 1)).isLessThanOrEqualTo(plan.learningRate(step));
    }
}
