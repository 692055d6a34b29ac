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
        return plan(steps, new LearningRatePlan(initial, last));
    }

    private static TrainingPlan plan(long steps, LearningRatePlan rates) {
        return new TrainingPlan(steps, new SchemeSpec("balanced", 1, Map.of()), 8, rates, 0, 0, Augmentation.NONE, 1);
    }

    /** By hand: a quarter of 40 steps is 10, at whose end the cosine is at cos(pi 9/40). */
    @Test
    void theLearningRateRisesInEqualStepsToTheCosine() {
        TrainingPlan plan = plan(40, new LearningRatePlan(0.2, 0, 0.25));
        TrainingPlan without = plan(40, 0.2, 0);

        for (int step = 0; step < 10; step++) {
            assertThat(plan.learningRate(step)).isCloseTo((step + 1) / 10f * without.learningRate(step), within(1e-7f));
        }
        assertThat(plan.learningRate(0)).isEqualTo(0.02f);
        assertThat(plan.learningRate(9)).isCloseTo(0.1f * (1 + (float) Math.cos(Math.PI * 9 / 40)), within(1e-7f));
        for (int step = 9; step < 40; step++) {
            assertThat(plan.learningRate(step)).isEqualTo(without.learningRate(step));
        }
    }

    /** A supernet that stands for three of its parts takes three steps where each of them takes one. */
    @Test
    void theStepsOfAWarmStartRiseAsThoseOfItsParts() {
        TrainingPlan plan = plan(40, new LearningRatePlan(0.2, 0, 0.25));

        assertThat(plan.learningRate(3.0 / 3)).isEqualTo(plan.learningRate(1));
        assertThat(plan.learningRate(4.0 / 3))
                .isGreaterThan(plan.learningRate(1))
                .isLessThan(plan.learningRate(2));
    }

    @Test
    void aWarmUpOfAllStepsReachesTheLastRateAtTheLastStep() {
        TrainingPlan plan = plan(10, new LearningRatePlan(0.5, 0.5, 1));

        for (int step = 0; step < 10; step++) {
            assertThat(plan.learningRate(step)).isCloseTo(0.05f * (step + 1), within(1e-7f));
        }
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
