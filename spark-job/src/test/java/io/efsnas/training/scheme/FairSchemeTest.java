package io.efsnas.training.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.efsnas.space.Architecture;
import io.efsnas.space.ChainSpace;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.split.CountSubspace;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.Phase;
import io.efsnas.split.Subspace;
import io.efsnas.split.SupernetNode;
import io.efsnas.split.TestTrees;
import io.efsnas.supernet.Combination;
import io.efsnas.supernet.FakeSupernet.Step;
import io.efsnas.training.SchemeSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.junit.jupiter.api.Test;

class FairSchemeTest {

    private static final NasBench201Space SPACE = new NasBench201Space();
    private static final MaskSubspace WHOLE = MaskSubspace.whole(SPACE);
    private static final int NONE = 0;

    private static SchemeSteps steps(Subspace subspace) {
        Phase phase = new Phase(0, 1, 0, 20, false);
        return new SchemeSteps(SupernetNode.independent(0, subspace, TestTrees.SIZE, phase), 3, 20);
    }

    private static List<Integer> choicesAt(List<Architecture> subnets, int position) {
        return subnets.stream().map(subnet -> subnet.choice(position)).toList();
    }

    @Test
    void eachStepUsesEveryOperationOfEveryEdgeOnce() {
        FairScheme scheme = new FairScheme();
        SchemeSteps steps = steps(WHOLE);

        assertThat(scheme.subnetsPerStep(WHOLE)).isEqualTo(5);
        for (long step = 0; step < 200; step++) {
            Step taken = steps.step(scheme, step);
            assertThat(taken.combination()).isEqualTo(Combination.SUM);
            assertThat(taken.subnets()).hasSize(5).allMatch(SPACE::connected);
            for (int edge = 0; edge < 6; edge++) {
                assertThat(choicesAt(taken.subnets(), edge)).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
            }
        }
    }

    /** Of two edges that decide nothing about being connected alone: which operations meet. */
    @Test
    void everyPermutationIsAsLikelyAsAnyOther() {
        FairScheme scheme = new FairScheme();
        // The edge from the input to the output is there, so that all permutations of the others are connected.
        MaskSubspace direct = WHOLE.restricted(3, List.of(1));
        SchemeSteps steps = steps(direct);
        long[] met = new long[25];
        for (long step = 0; step < 2000; step++) {
            for (Architecture subnet : steps.subnets(scheme, step)) {
                met[5 * subnet.choice(0) + subnet.choice(5)]++;
            }
        }

        double[] expected =
                Collections.nCopies(25, 400d).stream().mapToDouble(each -> each).toArray();
        assertThat(new ChiSquareTest().chiSquareTest(expected, met)).isGreaterThan(0.001);
    }

    @Test
    void stepsAreTheSameWhateverWasAskedBefore() {
        SchemeSteps steps = steps(WHOLE);
        FairScheme scheme = new FairScheme();
        List<Architecture> fifth = steps.subnets(scheme, 5);

        assertThat(steps.subnets(scheme, 6)).isNotEqualTo(fifth);
        assertThat(steps.subnets(new FairScheme(), 5)).isEqualTo(fifth);
    }

    @Test
    void allCountsTogetherAreTheWholeSpace() {
        CountSubspace all = new CountSubspace(SPACE, List.of(0, 1, 2, 3));

        assertThat(new FairScheme().subnetsPerStep(all)).isEqualTo(5);
        assertThat(steps(all).subnets(new FairScheme(), 7))
                .isEqualTo(steps(WHOLE).subnets(new FairScheme(), 7));
    }

    @Test
    void aPositionThatASplitHasFixedIsInAllSubnets() {
        MaskSubspace part = WHOLE.restricted(0, List.of(3)).restricted(4, List.of(NONE));
        List<Architecture> subnets = steps(part).subnets(new FairScheme(), 0);

        assertThat(subnets).hasSize(5).allMatch(part::contains);
        assertThat(choicesAt(subnets, 5)).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
        assertThat(new FairScheme().subnetsPerStep(MaskSubspace.whole(SPACE).restricted(3, List.of(1))))
                .isEqualTo(5);
    }

    @Test
    void aSingleArchitectureIsAStep() {
        List<List<Integer>> single = new ArrayList<>(Collections.nCopies(6, List.of(1)));

        assertThat(steps(new MaskSubspace(SPACE, single)).subnets(new FairScheme(), 0))
                .containsExactly(Architecture.of(1, 1, 1, 1, 1, 1));
    }

    @Test
    void whereNoStepIsFairTheReasonIsGiven() {
        assertUnsuitable(new CountSubspace(SPACE, List.of(0, 1)), "in the subspace 0,1 a choice can rule out others");
        assertUnsuitable(
                WHOLE.restricted(2, List.of(0, 1)).restricted(3, List.of(1, 2, 4)),
                "the positions of the subspace 2:0,1 3:1,2,4 have different numbers of choices: [2, 3, 5]");
        assertUnsuitable(MaskSubspace.whole(ChainSpace.MOBILE_NET), "have different numbers of choices: [6, 7]");
        assertUnsuitable(
                WHOLE.restricted(1, List.of(NONE)).restricted(3, List.of(NONE)).restricted(4, List.of(NONE)),
                "does not have 5 connected architectures that use every choice once");
    }

    private static void assertUnsuitable(Subspace subspace, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FairScheme().subnetsPerStep(subspace))
                .withMessageContaining(reason);
    }

    @Test
    void theNumberOfSubnetsIsNotTheUsersToChoose() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SchemeSpec("fair", 2, Map.of()).create())
                .withMessageContaining("training.subnets-per-step has to be 1, not 2");
        assertThat(new SchemeSpec("fair", 1, Map.of()).create().subnetsPerStep(WHOLE))
                .isEqualTo(5);
    }
}
