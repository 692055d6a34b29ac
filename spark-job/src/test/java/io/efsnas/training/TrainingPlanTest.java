package io.efsnas.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.data.Augmentation;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.split.SupernetNode;
import io.efsnas.split.SupernetTree;
import io.efsnas.split.TestTrees;
import io.efsnas.split.count.CountSplitter;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TrainingPlanTest {

    private static final NasBench201Space SPACE = new NasBench201Space();
    private static final SupernetTree TREE = TestTrees.warmStart(SPACE, CountSplitter.even(SPACE, 3), 10, 40);

    private static TrainingPlan plan(long steps, double initial, double last) {
        return plan(steps, new LearningRatePlan(initial, last));
    }

    private static TrainingPlan plan(long steps, LearningRatePlan rates) {
        return new TrainingPlan(steps, new SchemeSpec("balanced", 1, Map.of()), 8, rates, 0, 0, Augmentation.NONE, 1);
    }

    /** Of a supernet that stands for itself alone. */
    private static float rate(TrainingPlan plan, long step) {
        return plan.learningRate(TREE.node("0"), step);
    }

    /** By hand: a quarter of 40 steps is 10, at whose end the cosine is at cos(pi 9/40). */
    @Test
    void theLearningRateRisesInEqualStepsToTheCosine() {
        TrainingPlan plan = plan(40, new LearningRatePlan(0.2, 0, 0.25));
        TrainingPlan without = plan(40, 0.2, 0);

        for (int step = 0; step < 10; step++) {
            assertThat(rate(plan, step)).isCloseTo((step + 1) / 10f * rate(without, step), within(1e-7f));
        }
        assertThat(rate(plan, 0)).isEqualTo(0.02f);
        assertThat(rate(plan, 9)).isCloseTo(0.1f * (1 + (float) Math.cos(Math.PI * 9 / 40)), within(1e-7f));
        for (int step = 9; step < 40; step++) {
            assertThat(rate(plan, step)).isEqualTo(rate(without, step));
        }
    }

    /** A supernet that stands for three of its parts takes three steps where each of them takes one. */
    @Test
    void theStepsOfAWarmStartRiseAsThoseOfItsParts() {
        TrainingPlan plan = plan(40, new LearningRatePlan(0.2, 0, 0.25));
        SupernetNode root = TREE.node(SupernetNode.ROOT);

        assertThat(plan.learningRate(root, 3)).isEqualTo(rate(plan, 1));
        assertThat(plan.learningRate(root, 4)).isGreaterThan(rate(plan, 1)).isLessThan(rate(plan, 2));
    }

    /** A quarter of the steps is a warm start; the parts then take 30 steps as if these were all. */
    @Test
    void partsThatBeginAnewHaveAScheduleOfTheirOwn() {
        SupernetTree tree = TestTrees.restarted(SPACE, CountSplitter.even(SPACE, 3), 10, 40);
        TrainingPlan plan = plan(40, new LearningRatePlan(0.2, 0.01, 0.1));
        TrainingPlan ofTheRest = plan(30, new LearningRatePlan(0.2, 0.01, 0.1));
        SupernetNode part = tree.node("2");

        for (int step = 0; step < 30; step++) {
            assertThat(plan.learningRate(part, 10 + step)).isEqualTo(rate(ofTheRest, step));
            assertThat(plan.progress(part, 10 + step)).isEqualTo(step / 30.0);
            assertThat(plan.risen(part, 10 + step)).isEqualTo(Math.min(1, (step + 1) / (0.1 * 30)));
        }
        SupernetNode root = tree.node(SupernetNode.ROOT);
        for (int step = 0; step < 30; step++) { // as without a restart
            assertThat(plan.learningRate(root, step)).isEqualTo(plan.learningRate(TREE.node(SupernetNode.ROOT), step));
            assertThat(plan.progress(root, step)).isEqualTo(step / 3.0 / 40);
        }
    }

    @Test
    void aWarmUpOfAllStepsReachesTheLastRateAtTheLastStep() {
        TrainingPlan plan = plan(10, new LearningRatePlan(0.5, 0.5, 1));

        for (int step = 0; step < 10; step++) {
            assertThat(rate(plan, step)).isCloseTo(0.05f * (step + 1), within(1e-7f));
        }
    }

    @Test
    void theLearningRateGoesFromTheInitialOneToTheFinalOne() {
        TrainingPlan plan = plan(1000, 0.025, 0.001);

        assertThat(rate(plan, 0)).isEqualTo(0.025f);
        assertThat(rate(plan, 500)).isCloseTo(0.013f, within(1e-8f));
        assertThat(rate(plan, 999)).isCloseTo(0.001f, within(1e-7f)).isGreaterThan(0.001f);
        assertThat(rate(plan, 1000)).isEqualTo(0.001f);
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
        assertThat((double) rate(plan, step)).isCloseTo(last * (1 - half * half) + initial * half * half, within(1e-7));
        assertThat(rate(plan, step + 1)).isLessThanOrEqualTo(rate(plan, step));
    }
}
