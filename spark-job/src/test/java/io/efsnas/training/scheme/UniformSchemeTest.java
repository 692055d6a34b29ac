package io.efsnas.training.scheme;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.split.SupernetNode;
import io.efsnas.split.SupernetTree;
import io.efsnas.split.TestTrees;
import io.efsnas.split.count.CountSplitter;
import io.efsnas.supernet.Combination;
import io.efsnas.supernet.FakeSupernet.Step;
import java.math.BigInteger;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.junit.jupiter.api.Test;

class UniformSchemeTest {

    private static final NasBench201Space SPACE = new NasBench201Space();
    private static final SupernetTree TREE = TestTrees.warmStart(SPACE, CountSplitter.even(SPACE, 4), 10, 20);

    /** Where balanced draws would be as many of each number of nonlinear functions. */
    @Test
    void aWarmStartDrawsFromAllOfTheSpaceAlike() {
        SchemeSteps steps = new SchemeSteps(TREE.node(SupernetNode.ROOT), 3, 20);
        UniformScheme scheme = new UniformScheme(4);
        long[] drawn = new long[4];
        for (long step = 0; step < 1000; step++) {
            Step taken = steps.step(scheme, step);
            assertThat(taken.subnets()).hasSize(4).allMatch(SPACE::connected);
            assertThat(taken.combination()).isEqualTo(Combination.MEAN);
            assertThat(taken.learningRate()).isEqualTo(steps.context(step).learningRate());
            taken.subnets().forEach(subnet -> drawn[SPACE.nonlinearities(subnet)]++);
        }

        double[] sizes = IntStream.range(0, 4)
                .mapToObj(count -> SPACE.sizes().get(count))
                .mapToDouble(BigInteger::doubleValue)
                .toArray();
        assertThat(new ChiSquareTest().chiSquareTest(sizes, drawn)).isGreaterThan(0.001);
    }

    @Test
    void stepsAreTheSameWhateverWasAskedBefore() {
        SchemeSteps steps = new SchemeSteps(TREE.node("2"), 3, 20);
        UniformScheme scheme = new UniformScheme(2);

        assertThat(steps.subnets(scheme, 5))
                .isEqualTo(steps.subnets(new UniformScheme(2), 5))
                .isNotEqualTo(steps.subnets(scheme, 6))
                .allSatisfy(subnet -> assertThat(TREE.leafOf(subnet).id()).isEqualTo("2"));
    }
}
