package io.efsnas.space.nasbench201;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.efsnas.network.Cost;
import io.efsnas.network.Layer;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.space.Architecture;
import io.efsnas.space.Enumeration;
import io.efsnas.space.SpaceWeights;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NasBench201NetworkTest {

    /** The network that the benchmark trained on CIFAR-10. */
    private static final ModelSize BENCHMARK = new ModelSize(16, 5, new Shape(3, 32, 32), 10);

    private static final ModelSize SMALL = new ModelSize(2, 1, new Shape(3, 8, 8), 4);
    /** Two in each of the two reduction blocks and one before the classifier. */
    private static final int RELUS_OUTSIDE_CELLS = 5;

    private final NasBench201Space space = new NasBench201Space();

    @Test
    void countIsTheLargestNumberOfRelusOnAPathThroughEachOfTheThreeCells() {
        Enumeration.connected(space).forEach(architecture -> {
            Network network = space.network(architecture, SMALL);
            assertThat(mostRelusOnAPath(network))
                    .as(space.format(architecture))
                    .isEqualTo(3 * space.nonlinearities(architecture) + RELUS_OUTSIDE_CELLS);
        });
    }

    private static int mostRelusOnAPath(Network network) {
        int[] most = new int[network.nodes().size()];
        for (Network.Node node : network.nodes()) {
            int before = node.inputs().stream().mapToInt(i -> most[i]).max().orElse(0);
            most[node.index()] = before + (node.layer() instanceof Layer.Relu ? 1 : 0);
        }
        return most[most.length - 1];
    }

    @Test
    void everyNodeReachesTheOutput() {
        Enumeration.connected(space).forEach(architecture -> {
            List<Network.Node> nodes = space.network(architecture, SMALL).nodes();
            BitSet reaches = new BitSet();
            reaches.set(nodes.size() - 1);
            for (int i = nodes.size() - 1; i >= 0; i--) {
                if (reaches.get(i)) {
                    nodes.get(i).inputs().forEach(reaches::set);
                }
            }
            assertThat(reaches.cardinality()).as(space.format(architecture)).isEqualTo(nodes.size());
        });
    }

    /** What a node sums with something else, and no skip connection. */
    @Test
    void dropPathLeavesOutOperationsBesideOthers() {
        Network network = space.network(Architecture.of(3, 1, 2, 0, 1, 4), SMALL);

        assertThat(network.paths().stream()
                        .map(path -> network.nodes().get(path).layer())
                        .map(layer -> layer instanceof Layer.BatchNorm norm ? norm.name() : "pool"))
                .containsExactly(
                        "stage1.cell1.1-2.nor_conv_1x1.norm",
                        "pool",
                        "stage2.cell1.1-2.nor_conv_1x1.norm",
                        "pool",
                        "stage3.cell1.1-2.nor_conv_1x1.norm",
                        "pool");
    }

    @Test
    void networkTakesTheImageAndGivesOneValuePerClass() {
        Network network = space.network(Architecture.of(3, 3, 3, 3, 3, 3), BENCHMARK);

        assertThat(network.image()).isEqualTo(new Shape(3, 32, 32));
        assertThat(network.classes()).isEqualTo(10);
    }

    @Test
    void weightsOfEveryNetworkAreInTheSupernet() {
        Set<Weight> supernet = new HashSet<>(SpaceWeights.of(space, SMALL).all());
        Enumeration.connected(space).forEach(architecture -> assertThat(supernet)
                .containsAll(space.network(architecture, SMALL).weights()));
    }

    @Test
    void weightNamesAreUniqueInTheSupernet() {
        assertThat(SpaceWeights.of(space, BENCHMARK).all())
                .extracting(Weight::name)
                .doesNotHaveDuplicates();
    }

    @Test
    void unconnectedArchitectureHasNothingLive() {
        assertThat(space.liveCost(Architecture.of(3, 0, 0, 0, 0, 3), BENCHMARK)).isEqualTo(Cost.ZERO);
    }

    @Test
    void unconnectedArchitectureHasNoNetwork() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> space.network(Architecture.of(3, 0, 0, 0, 0, 3), BENCHMARK))
                .withMessage("the image does not reach the output of "
                        + "|nor_conv_3x3~0|+|none~0|none~1|+|none~0|none~1|nor_conv_3x3~2|");
    }

    @Test
    void resolutionMustBeAMultipleOfFour() {
        ModelSize size = new ModelSize(16, 5, new Shape(3, 32, 30), 10);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> space.network(Architecture.of(3, 3, 3, 3, 3, 3), size))
                .withMessageContaining("multiple of 4");
    }

    /** The first row is published; the others have no convolution in a cell and cost what is outside the cells. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2| 1531546 220119680",
                "|skip_connect~0|+|skip_connect~0|skip_connect~1|+|skip_connect~0|skip_connect~1|skip_connect~2| 73306 7783040",
                "|none~0|+|none~0|none~1|+|avg_pool_3x3~0|none~1|none~2| 73306 7783040",
            })
    void costOfTheBenchmarkNetwork(String text, long parameters, long flops) {
        assertThat(space.cost(space.parse(text), BENCHMARK)).isEqualTo(new Cost(flops, parameters));
    }

    @Test
    void costCountsConvolutionsThatDoNotReachTheOutputAsTheBenchmarkDoes() {
        Architecture dead = space.parse("|nor_conv_1x1~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|");
        Architecture without = space.parse("|none~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|");

        assertThat(space.liveCost(dead, BENCHMARK)).isEqualTo(space.cost(without, BENCHMARK));
        assertThat(space.cost(dead, BENCHMARK)).isEqualTo(slowCost("nor_conv_1x1", BENCHMARK));
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void costIsTheSumOverTheLayers(
            @ForAll("architectures") Architecture architecture, @ForAll("sizes") ModelSize size) {
        assertThat(space.cost(architecture, size)).isEqualTo(slowCost(space.format(architecture), size));
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void costOfAFullyLiveArchitectureIsThatOfItsNetwork(
            @ForAll("fullyLive") Architecture architecture, @ForAll("sizes") ModelSize size) {
        assertThat(space.cost(architecture, size))
                .isEqualTo(space.network(architecture, size).cost());
    }

    @Provide
    Arbitrary<Architecture> architectures() {
        return Arbitraries.integers().between(0, 4).list().ofSize(6).map(Architecture::new);
    }

    @Provide
    Arbitrary<Architecture> fullyLive() {
        return Arbitraries.integers().between(1, 4).list().ofSize(6).map(Architecture::new);
    }

    @Provide
    Arbitrary<ModelSize> sizes() {
        Arbitrary<Integer> sides = Arbitraries.integers().between(1, 8).map(quarter -> 4 * quarter);
        Arbitrary<Shape> images = Combinators.combine(Arbitraries.integers().between(1, 3), sides, sides)
                .as(Shape::new);
        return Combinators.combine(
                        Arbitraries.integers().between(1, 20),
                        Arbitraries.integers().between(1, 3),
                        images,
                        Arbitraries.integers().between(2, 12))
                .as(ModelSize::new);
    }

    /** Walks the network as the benchmark's paper describes it and adds up its layers one by one. */
    private static Cost slowCost(String text, ModelSize size) {
        int height = size.image().height();
        int width = size.image().width();
        int channels = size.channels();
        long[] sum = new long[2];
        addConvolution(sum, size.image().channels(), channels, 3, height, width, true);
        for (int stage = 0; stage < 3; stage++) {
            if (stage > 0) {
                height /= 2;
                width /= 2;
                addConvolution(sum, channels, 2 * channels, 3, height, width, true);
                addConvolution(sum, 2 * channels, 2 * channels, 3, height, width, true);
                addConvolution(sum, channels, 2 * channels, 1, height, width, false);
                channels *= 2;
            }
            for (int cell = 0; cell < size.cells(); cell++) {
                for (String edge : text.split("\\|", -1)) {
                    if (edge.startsWith("nor_conv_1x1")) {
                        addConvolution(sum, channels, channels, 1, height, width, true);
                    } else if (edge.startsWith("nor_conv_3x3")) {
                        addConvolution(sum, channels, channels, 3, height, width, true);
                    }
                }
            }
        }
        sum[1] += 2L * channels;
        sum[0] += (long) channels * size.classes();
        sum[1] += (long) channels * size.classes() + size.classes();
        return new Cost(sum[0], sum[1]);
    }

    private static void addConvolution(
            long[] sum, int inputs, int outputs, int kernel, int height, int width, boolean norm) {
        for (int filter = 0; filter < outputs; filter++) {
            sum[1] += (long) inputs * kernel * kernel + (norm ? 2 : 0);
            for (int y = 0; y < height; y++) {
                sum[0] += (long) width * inputs * kernel * kernel;
            }
        }
    }

    @Test
    void commonWeightsAreThoseOfEveryArchitecture() {
        Set<Weight> expected = Enumeration.connected(space)
                .map(architecture ->
                        Set.copyOf(space.network(architecture, SMALL).weights()))
                .reduce((a, b) -> a.stream().filter(b::contains).collect(Collectors.toUnmodifiableSet()))
                .orElseThrow();

        assertThat(SpaceWeights.of(space, SMALL).common()).containsExactlyInAnyOrderElementsOf(expected);
    }
}
