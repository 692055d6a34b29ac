package io.efsnas.training.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.space.Architecture;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.Phase;
import io.efsnas.split.Subspace;
import io.efsnas.split.SupernetNode;
import io.efsnas.split.TestTrees;
import io.efsnas.supernet.Lesson;
import io.efsnas.supernet.TrainingStep;
import io.efsnas.training.LearningRatePlan;
import io.efsnas.training.SchemeSpec;
import io.efsnas.training.TrainingScheme;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DynamicSchemeTest {

    private static final NasBench201Space SPACE = new NasBench201Space();
    private static final MaskSubspace WHOLE = MaskSubspace.whole(SPACE);
    private static final Map<String, Object> SETTINGS = Map.of("smallest-power", 4, "largest-power", 0.25);
    private static final int STEPS = 200;

    private static TrainingScheme scheme() {
        return new SchemeSpec("dynamic", 1, SETTINGS).create();
    }

    private static SupernetNode node(Subspace subspace) {
        return SupernetNode.independent(0, subspace, TestTrees.SIZE, new Phase(0, 1, 0, STEPS, false));
    }

    private static List<TrainingStep> steps(Subspace subspace, long seed) {
        SchemeSteps steps = new SchemeSteps(node(subspace), seed, STEPS);
        TrainingScheme scheme = scheme();
        return LongStream.range(0, STEPS)
                .mapToObj(step -> steps.lessons(scheme, step))
                .toList();
    }

    private static Architecture subnet(TrainingStep step) {
        return step.lessons().get(0).subnet();
    }

    /** The exponents of the authors' code: 4 for the smallest, 1/4 for the largest, and halfway at their geometric mean. */
    @Test
    void thePowerFallsOnALineInTheLogarithmOfTheParameters() {
        DynamicScheme scheme = (DynamicScheme) scheme();
        CostRange range = new CostRange(Architecture.of(0), Architecture.of(1), 100, 10_000);

        assertThat(scheme.power(100, range)).isEqualTo(4);
        assertThat(scheme.power(10_000, range)).isEqualTo(0.25);
        assertThat(scheme.power(1_000, range)).isCloseTo(2.125, within(1e-12));
        assertThat(scheme.power(100, new CostRange(Architecture.of(0), Architecture.of(1), 100, 100)))
                .isEqualTo(2.125);
    }

    @Test
    void theLearningRateOfAStepIsThatOfItsSubnet() {
        List<TrainingStep> steps = steps(WHOLE, 3);
        double smallest = Math.log((double) CostRange.of(node(WHOLE)).leastParameters());
        double largest = Math.log((double) CostRange.of(node(WHOLE)).mostParameters());
        for (int step = 0; step < STEPS; step++) {
            TrainingStep taken = steps.get(step);
            double size =
                    Math.log((double) SPACE.cost(subnet(taken), TestTrees.SIZE).parameters());
            double power = (4 * (largest - size) + 0.25 * (size - smallest)) / (largest - smallest);

            assertThat(taken.lessons()).containsExactly(Lesson.of(subnet(taken)));
            assertThat((double) taken.learningRate())
                    .isCloseTo(0.1 + 0.4 * Math.pow(1 - step / (double) STEPS, power), within(1e-6));
        }
    }

    @Test
    void theLearningRateRisesInTheWarmUp() {
        SchemeSteps warmed = new SchemeSteps(node(WHOLE), 3, STEPS, new LearningRatePlan(0.5, 0.1, 0.1));
        TrainingScheme scheme = scheme();
        List<TrainingStep> steps = steps(WHOLE, 3);
        for (int step = 0; step < STEPS; step++) {
            assertThat((double) warmed.lessons(scheme, step).learningRate())
                    .isCloseTo(
                            Math.min(1, (step + 1) / (0.1 * STEPS))
                                    * steps.get(step).learningRate(),
                            within(1e-7));
        }
    }

    @Test
    void theMomentaAreThoseOfTheChoiceAtOnePosition() {
        assertThat(LongStream.range(0, 10)
                        .mapToObj(seed -> positions(WHOLE, seed))
                        .distinct())
                .hasSizeGreaterThan(2);
        MaskSubspace part =
                WHOLE.restricted(0, List.of(3)).restricted(2, List.of(1)).restricted(4, List.of(0));
        for (long seed = 0; seed < 10; seed++) {
            assertThat(positions(part, seed)).isSubsetOf(1, 3, 5);
        }
    }

    /** Where the choices of all steps are the numbers of their momenta. */
    private static List<Integer> positions(Subspace subspace, long seed) {
        List<TrainingStep> steps = steps(subspace, seed);
        List<Integer> positions = IntStream.range(0, 6)
                .filter(position -> steps.stream()
                        .allMatch(step -> step.momenta() == subnet(step).choice(position)))
                .boxed()
                .toList();
        assertThat(positions).hasSize(1);
        return positions;
    }

    @Test
    void aSubspaceOfOneSubnetHasOneMomentum() {
        MaskSubspace one = new MaskSubspace(
                SPACE, List.of(List.of(3), List.of(3), List.of(3), List.of(3), List.of(3), List.of(3)));

        assertThat(steps(one, 3)).allMatch(step -> step.momenta() == 0);
    }

    @Test
    void aKilledTrainingGivesTheSameBits() {
        RestartedTraining.assertSameBits("dynamic", SETTINGS);
    }

    @Test
    void settingsThatAreNotAcceptedAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new SchemeSpec("dynamic", 1, Map.of("smallest-power", -1, "largest-power", 1)).create())
                .withMessage("smallest-power: expected a number from 0 to 100");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SchemeSpec("dynamic", 2, SETTINGS).create())
                .withMessageContaining("training.subnets-per-step has to be 1, not 2");
    }
}
