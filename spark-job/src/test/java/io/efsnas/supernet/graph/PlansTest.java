package io.efsnas.supernet.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.network.Shape;
import io.efsnas.space.Architecture;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PlansTest {

    private static final NasBench201Space SPACE = new NasBench201Space();
    private static final SupernetSpec SPEC =
            new SupernetSpec(SPACE, new ModelSize(2, 1, new Shape(3, 8, 8), 10), new Optimizer(0.9f, 0, 0), 4, 3);

    /** With networks of the same size. */
    private static final List<Architecture> ARCHITECTURES = Stream.of(
                    "|nor_conv_1x1~0|+|skip_connect~0|avg_pool_3x3~1|+|nor_conv_3x3~0|none~1|nor_conv_1x1~2|",
                    "|nor_conv_1x1~0|+|skip_connect~0|avg_pool_3x3~1|+|nor_conv_3x3~0|none~1|nor_conv_3x3~2|",
                    "|nor_conv_3x3~0|+|skip_connect~0|avg_pool_3x3~1|+|nor_conv_3x3~0|none~1|nor_conv_1x1~2|")
            .map(SPACE::parse)
            .toList();

    private static Plans<double[]> plans(int mostNodes) {
        Kernels<double[]> kernels = ReferenceKernels.IMPLEMENTATION.kernels(SPEC.batch());
        return new Plans<>(SPEC, new SharedWeights<>(SPEC.weights(), kernels), mostNodes);
    }

    @Test
    void aPlanIsCompiledOnce() {
        Plans<double[]> plans = plans(1000);

        Plan<double[]> first = plans.of(ARCHITECTURES.get(0));
        plans.of(ARCHITECTURES.get(1));

        assertThat(plans.of(new Architecture(ARCHITECTURES.get(0).choices()))).isSameAs(first);
    }

    @Test
    void thePlanThatWasNotUsedForLongestIsForgotten() {
        Network network = SPACE.network(ARCHITECTURES.get(0), SPEC.size());
        Plans<double[]> plans = plans(2 * network.nodes().size());
        Plan<double[]> first = plans.of(ARCHITECTURES.get(0));
        Plan<double[]> second = plans.of(ARCHITECTURES.get(1));
        plans.of(ARCHITECTURES.get(0));

        plans.of(ARCHITECTURES.get(2));

        assertThat(plans.kept()).isEqualTo(2);
        assertThat(plans.of(ARCHITECTURES.get(0))).isSameAs(first);
        assertThat(plans.of(ARCHITECTURES.get(1))).isNotSameAs(second);
    }

    @Test
    void aPlanThatIsTooLargeIsNotKept() {
        Plans<double[]> plans = plans(1);

        assertThat(plans.of(ARCHITECTURES.get(0)).size()).isGreaterThan(1);
        assertThat(plans.kept()).isZero();
    }

    @Test
    void equalOperationsOfTwoPlansAreOneObject() {
        Plans<double[]> plans = plans(1000);
        Plan<double[]> one = plans.of(ARCHITECTURES.get(0));
        Plan<double[]> other = plans.of(ARCHITECTURES.get(1));
        for (int node = 0; node < one.size(); node++) {
            if (one.operation(node).equals(other.operation(node))) {
                assertThat(one.operation(node)).isSameAs(other.operation(node));
            }
        }
        assertThat(one.operation(1)).isSameAs(other.operation(1)); // the convolution of the stem
    }
}
