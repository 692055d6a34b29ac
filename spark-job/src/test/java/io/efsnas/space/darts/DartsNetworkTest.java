package io.efsnas.space.darts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.efsnas.network.AuxiliaryHead;
import io.efsnas.network.Cost;
import io.efsnas.network.Layer;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.space.Architecture;
import io.efsnas.space.Sampling;
import io.efsnas.space.SpaceWeights;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DartsNetworkTest {

    private static final ModelSize CIFAR = new ModelSize(36, 20, new Shape(3, 32, 32), 10);
    private static final ModelSize SMALL = new ModelSize(4, 5, new Shape(3, 8, 8), 5);

    private static final String DARTS_V1 = "Genotype(normal=[('sep_conv_3x3', 1), ('sep_conv_3x3', 0),"
            + " ('skip_connect', 0), ('sep_conv_3x3', 1), ('skip_connect', 0), ('sep_conv_3x3', 1), ('sep_conv_3x3', 0),"
            + " ('skip_connect', 2)], normal_concat=[2, 3, 4, 5], reduce=[('max_pool_3x3', 0), ('max_pool_3x3', 1),"
            + " ('skip_connect', 2), ('max_pool_3x3', 0), ('max_pool_3x3', 0), ('skip_connect', 2), ('skip_connect', 2),"
            + " ('avg_pool_3x3', 0)], reduce_concat=[2, 3, 4, 5])";

    private final DartsSpace space = new DartsSpace();

    /** What the authors' code has without its auxiliary head; they give 3.3 million parameters, others 528 million FLOPs. */
    @Test
    void costOfThePublishedNetwork() {
        Cost cost = space.cost(space.parse(DartsSpaceTest.DARTS_V2), CIFAR);

        assertThat(cost.parameters()).isEqualTo(3_349_342);
        assertThat(cost.flops()).isEqualTo(528_359_040);
        assertThat(space.liveCost(space.parse(DartsSpaceTest.DARTS_V2), CIFAR)).isEqualTo(cost);
    }

    @ParameterizedTest
    @ValueSource(strings = {DARTS_V1, DartsSpaceTest.DARTS_V2})
    void costIsThatOfTheDefinition(String text) {
        assertCostByHand(space.parse(text), CIFAR);
        assertCostByHand(space.parse(text), SMALL);
    }

    @Property(tries = 30)
    void costOfAnyArchitectureIsThatOfTheDefinition(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Architecture drawn =
                space.sample(List.copyOf(space.sizes().keySet()), random).orElseThrow();
        int side = 4 * random.nextInt(1, 9);
        assertCostByHand(drawn, new ModelSize(random.nextInt(1, 20), random.nextInt(3, 21), new Shape(3, side, 8), 10));
    }

    /** From the definition of the cells and the formulas of the layers, with nothing of the code that builds networks. */
    private void assertCostByHand(Architecture architecture, ModelSize size) {
        int cells = size.cells();
        long channels = size.channels();
        long pixels = size.image().pixels();
        long before = 3 * channels;
        long last = 3 * channels;
        long parameters = 27 * last + 2 * last;
        long flops = 27 * last * pixels;
        for (int cell = 0; cell < cells; cell++) {
            boolean reduces = cell == cells / 3 || cell == 2 * cells / 3;
            channels *= reduces ? 2 : 1;
            parameters += (before + last) * channels + 2 * 2 * channels;
            flops += (before + last) * channels * pixels;
            pixels /= reduces ? 4 : 1;
            for (int edge = 0; edge < 14; edge++) {
                // Edges 0 and 1, 2 and 3, 5 and 6, 9 and 10 come from the inputs.
                boolean halves = reduces && List.of(0, 1, 2, 3, 5, 6, 9, 10).contains(edge);
                long[] products = products(architecture.choice((reduces ? 14 : 0) + edge), channels, halves);
                parameters += products[0] + products[1];
                flops += products[0] * pixels;
            }
            before = last;
            last = 4 * channels;
        }
        parameters += (last + 1) * size.classes();
        flops += last * size.classes();

        assertThat(space.cost(architecture, size)).isEqualTo(new Cost(flops, parameters));
    }

    /** Weights of the convolutions of an operation, and of its norms. */
    private static long[] products(int operation, long channels, boolean halves) {
        return switch (operation) {
            case 1 -> halves ? new long[] {channels * channels, 2 * channels} : new long[2];
            case 2 -> new long[] {2 * (9 * channels + channels * channels), 4 * channels};
            case 3 -> new long[] {2 * (25 * channels + channels * channels), 4 * channels};
            case 4 -> new long[] {9 * channels + channels * channels, 2 * channels};
            case 5 -> new long[] {25 * channels + channels * channels, 2 * channels};
            default -> new long[2];
        };
    }

    /** All operations but identities. */
    @Test
    void dropPathLeavesOutWhatDartsDoes() {
        Network network = space.network(space.parse(DartsSpaceTest.DARTS_V2), CIFAR);

        // 2 of the 8 operations of a normal cell are identities, and 3 of a reduction cell.
        assertThat(network.paths()).hasSize(18 * 6 + 2 * 5).isSorted();
        assertThat(network.paths())
                .allSatisfy(path -> assertThat(network.nodes().get(path).layer())
                        .isInstanceOfAny(Layer.BatchNorm.class, Layer.MaxPool.class, Layer.AveragePool.class));
    }

    @Test
    void theAuxiliaryHeadComesAfterTheSecondReduction() {
        Network network = space.network(space.parse(DartsSpaceTest.DARTS_V2), CIFAR);
        List<Integer> cells = network.nodes().stream()
                .filter(node -> node.layer() instanceof Layer.Concatenation
                        && node.inputs().size() == 4)
                .map(Network.Node::index)
                .toList();

        assertThat(network.headPlace()).hasValue(cells.get(13));
        // Its weights in DARTS, whose last convolution has 2x2 weights for each 3x3 of ours.
        long head = AuxiliaryHead.on(network).network().cost().parameters()
                - network.cost().parameters();
        assertThat(head - 5L * 128 * 768).isEqualTo(576 * 128 + 2 * 128 + 4 * 128 * 768 + 2 * 768 + 769 * 10);
    }

    /** Of two cells that depend on the image each by itself, the head takes the one that the output depends on. */
    @Test
    void theAuxiliaryHeadTakesACellThatTheOutputDependsOn() {
        String fromFirst = "|sep_conv_3x3~0|+|skip_connect~2|+|skip_connect~3|+|skip_connect~4|";
        for (int size = 3; size < 9; size++) {
            Network network = space.network(
                    space.parse("normal " + fromFirst + " reduce " + fromFirst),
                    new ModelSize(4, size, new Shape(3, 32, 32), 10));

            Shape place = network.nodes().get(network.headPlace().orElseThrow()).shape();
            assertThat(place.height()).as("%d cells", size).isEqualTo(8);
        }
    }

    @Test
    void cellsReduceAtAThirdAndAtTwoThirds() {
        Network network = space.network(space.parse(DartsSpaceTest.DARTS_V2), CIFAR);
        List<Shape> outputs = network.nodes().stream()
                .filter(node -> node.layer() instanceof Layer.Concatenation
                        && node.inputs().size() == 4)
                .map(Network.Node::shape)
                .toList();

        assertThat(outputs)
                .containsExactlyElementsOf(IntStream.range(0, 20)
                        .mapToObj(cell -> cell < 6
                                ? new Shape(144, 32, 32)
                                : cell < 13 ? new Shape(288, 16, 16) : new Shape(576, 8, 8))
                        .toList());
    }

    /** Cells that look only at the one before the last leave every second one out. */
    @Test
    void whatLeadsNowhereIsLeftOut() {
        Architecture skipping = space.parse("normal |sep_conv_3x3~0|+|skip_connect~0|+|skip_connect~0|+|max_pool_3x3~3|"
                + " reduce |sep_conv_3x3~0|+|skip_connect~0|+|avg_pool_3x3~0|+|max_pool_3x3~3|");
        Network network = space.network(skipping, SMALL);

        assertThat(network.weights())
                .extracting(Weight::name)
                .contains("cell5.input0.even.conv.weight", "cell3.input0.even.conv.weight", "cell1.input0.conv.weight")
                .noneMatch(name -> name.startsWith("cell2") || name.startsWith("cell4") || name.contains("input1"));
        assertThat(network.cost().parameters())
                .isLessThan(space.cost(skipping, SMALL).parameters());
        assertCostByHand(skipping, SMALL);
    }

    /** Every output but the last is an input of a later layer. */
    @Property(tries = 50)
    void everyLayerReachesTheOutput(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Integer> group = List.of(List.copyOf(space.sizes().keySet()).get(random.nextInt(17)));
        Network network = space.network(space.sample(group, random).orElseThrow(), SMALL);
        HashSet<Integer> taken = new HashSet<>();
        network.nodes().forEach(node -> taken.addAll(node.inputs()));

        assertThat(taken).hasSize(network.nodes().size() - 1);
    }

    @Test
    void supernetHasTheWeightsOfEveryNetworkOnce() {
        SpaceWeights weights = SpaceWeights.of(space, SMALL);

        assertThat(weights.all()).extracting(Weight::name).doesNotHaveDuplicates();
        assertThat(weights.common())
                .extracting(Weight::name)
                .allMatch(name -> name.startsWith("stem") || name.startsWith("classifier") || name.contains(".input"));
        SplittableRandom random = new SplittableRandom(1);
        for (int draw = 0; draw < 30; draw++) {
            Architecture drawn = Sampling.any(space, random);
            if (space.connected(drawn)) {
                assertThat(new HashSet<>(weights.all()))
                        .containsAll(space.network(drawn, SMALL).weights());
            }
        }
    }

    @Test
    void sizesThatDoNotSuitAreRefused() {
        Architecture any = space.parse(DartsSpaceTest.DARTS_V2);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> space.network(any, new ModelSize(4, 5, new Shape(3, 10, 8), 5)))
                .withMessageContaining("the resolution must be a multiple of 4 for darts");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> space.network(any, new ModelSize(4, 2, new Shape(3, 8, 8), 5)))
                .withMessage("a network of darts needs at least 3 cells, two of which reduce, not 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> space.network(any.with(0, 0).with(1, 0), SMALL))
                .withMessageStartingWith("a node has no input in normal ||+|");
    }
}
