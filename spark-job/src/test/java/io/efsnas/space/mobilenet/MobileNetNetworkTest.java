package io.efsnas.space.mobilenet;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.network.Cost;
import io.efsnas.network.Layer;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.space.Architecture;
import io.efsnas.space.Sampling;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.SpaceWeights;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MobileNetNetworkTest {

    private static final ModelSize IMAGENET = new ModelSize(32, 1, new Shape(3, 224, 224), 1000);
    private static final ModelSize SMALL = new ModelSize(4, 1, new Shape(1, 28, 28), 10);

    /** The network that ProxylessNAS found for phones. */
    private static final String PROXYLESS_MOBILE =
            "k5e3 k3e3 id id k7e3 k3e3 k5e3 k5e3 k7e6 k5e3 k5e3 k5e3" + " k5e6 k5e3 k5e3 k5e3 k7e6 k7e6 k7e3 k7e3 k7e6";

    private final MobileNetSpace space = new MobileNetSpace();
    private final MobileNetSpace excited = new MobileNetSeSpace();

    /** Its published model has 4.08 million parameters, and 320 million multiply-adds by the authors' own count. */
    @Test
    void costOfAPublishedNetwork() {
        Cost cost = space.cost(space.parse(PROXYLESS_MOBILE), IMAGENET);

        assertThat(cost.parameters()).isEqualTo(4_080_512);
        assertThat(cost.flops()).isBetween(318_000_000L, 333_000_000L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "k3e3 k3e3 k3e3 k3e3 k3e3 k3e3 k3e3 k3e3 k3e3 k3e3 k3e3 k3e3 k3e3 k3e3 k3e3 k3e3 k3e3 k3e3 k3e3 k3e3 k3e3",
                "k7e6 k7e6 k7e6 k7e6 k7e6 k7e6 k7e6 k7e6 k7e6 k7e6 k7e6 k7e6 k7e6 k7e6 k7e6 k7e6 k7e6 k7e6 k7e6 k7e6 k7e6",
                "k3e3 id id id k3e3 id id id k3e3 id id id k3e3 id id id k3e3 id id id k3e3",
                "k5e6 id id id k5e6 id id id k5e6 id id id k5e6 id id id k5e6 id id id k5e6",
                PROXYLESS_MOBILE
            })
    void costIsThatOfTheDefinition(String text) {
        assertCostByHand(space.parse(text), IMAGENET, 2);
        assertCostByHand(space.parse(text), SMALL, 2);
    }

    @Property(tries = 50)
    void costOfAnyArchitectureIsThatOfTheDefinition(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Architecture drawn = Sampling.any(space, random);
        int stemStride = random.nextInt(1, 3);
        ModelSize size = new ModelSize(
                random.nextInt(1, 40), 1, new Shape(3, random.nextInt(1, 100), random.nextInt(1, 100)), 10);
        assertCostByHand(drawn, size, stemStride);
    }

    /** From the table of the space and the formulas of the layers, with nothing of the code that builds networks. */
    private void assertCostByHand(Architecture architecture, ModelSize size, int stemStride) {
        String[] words = space.format(architecture).split(" ");
        int[] channels = {32, 32, 32, 32, 40, 40, 40, 40, 80, 80, 80, 80, 96, 96, 96, 96, 192, 192, 192, 192, 320};
        List<Integer> halving = List.of(0, 4, 8, 16);
        long height = halved(size.image().height(), stemStride);
        long width = halved(size.image().width(), stemStride);
        long stem = width(32, size);
        long flops = 9L * size.image().channels() * stem * height * width;
        long parameters = 9L * size.image().channels() * stem + 2 * stem;
        long gateWeights = 0;
        long gateBiases = 0;
        long inputs = width(16, size);
        flops += (9 * stem + stem * inputs) * height * width;
        parameters += 9 * stem + 2 * stem + stem * inputs + 2 * inputs;
        for (int block = 0; block < words.length; block++) {
            if (words[block].equals("id")) {
                continue;
            }
            long kernel = Character.digit(words[block].charAt(1), 10);
            long expanded = inputs * Character.digit(words[block].charAt(3), 10);
            long outputs = width(channels[block], size);
            flops += inputs * expanded * height * width;
            if (halving.contains(block)) {
                height = halved(height, 2);
                width = halved(width, 2);
            }
            flops += (kernel * kernel * expanded + expanded * outputs) * height * width;
            parameters += inputs * expanded + kernel * kernel * expanded + expanded * outputs;
            parameters += 4 * expanded + 2 * outputs;
            long squeezed = Math.max(1, (expanded + 2) / 4);
            gateWeights += 2 * expanded * squeezed;
            gateBiases += expanded + squeezed;
            inputs = outputs;
        }
        long head = width(1280, size);
        flops += inputs * head * height * width + head * size.classes();
        parameters += inputs * head + 2 * head + (head + 1) * size.classes();

        assertCost(space.with(Map.of("stem-stride", stemStride)), architecture, size, new Cost(flops, parameters));
        assertCost(
                excited.with(Map.of("stem-stride", stemStride)),
                architecture,
                size,
                new Cost(flops + gateWeights, parameters + gateWeights + gateBiases));
    }

    private static void assertCost(SearchSpace its, Architecture architecture, ModelSize size, Cost cost) {
        assertThat(its.cost(architecture, size)).as(its.name()).isEqualTo(cost);
        assertThat(its.liveCost(architecture, size)).as(its.name()).isEqualTo(cost);
    }

    /**
     * The first block expands 16 channels to 48, which a gate reduces to 12 and restores: 2 * 48 * 12 weights and 12 + 48
     * biases. The first blocks of the other stages do so with 96 and 24, 120 and 30, 240 and 60, 288 and 72, 576 and 144.
     */
    @Test
    void excitationOfASmallNetworkCostsWhatItsLayersDo() {
        Architecture shallow =
                space.parse("k3e3 id id id k3e3 id id id k3e3 id id id k3e3 id id id k3e3 id id id k3e3");
        Cost plain = space.cost(shallow, IMAGENET);
        long weights = 2 * (48 * 12 + 96 * 24 + 120 * 30 + 240 * 60 + 288 * 72 + 576 * 144);
        long biases = 48 + 12 + 96 + 24 + 120 + 30 + 240 + 60 + 288 + 72 + 576 + 144;

        assertThat(excited.cost(shallow, IMAGENET))
                .isEqualTo(new Cost(plain.flops() + weights, plain.parameters() + weights + biases));
    }

    @Test
    void excitationOfAPublishedNetwork() {
        Cost cost = excited.cost(excited.parse(PROXYLESS_MOBILE), IMAGENET);

        assertThat(cost).isEqualTo(new Cost(322_639_136, 6_300_734));
    }

    /** The count has no ReLU of a module, so that groups of counts are the same. */
    @Property(tries = 30)
    void excitationAddsAGateToEachBlockAndNothingToTheCount(@ForAll long seed) {
        Architecture drawn = Sampling.any(excited, new SplittableRandom(seed));
        List<Layer> layers = excited.network(drawn, SMALL).nodes().stream()
                .map(Network.Node::layer)
                .toList();
        int blocks = excited.nonlinearities(drawn) / 2;

        assertThat(excited.nonlinearities(drawn)).isEqualTo(space.nonlinearities(drawn));
        assertThat(excited.sizes()).isEqualTo(space.sizes());
        assertThat(layers)
                .filteredOn(layer -> layer instanceof Layer.ChannelScale)
                .hasSize(blocks);
        assertThat(layers)
                .filteredOn(layer -> layer instanceof Layer.HardSigmoid)
                .hasSize(blocks);
        assertThat(layers).filteredOn(layer -> layer instanceof Layer.Relu).hasSize(blocks);
        assertThat(layers).filteredOn(layer -> layer instanceof Layer.Relu6).hasSize(2 * blocks + 3);
        assertThat(layers)
                .filteredOn(layer -> !(layer instanceof Layer.ChannelScale
                        || layer instanceof Layer.HardSigmoid
                        || layer instanceof Layer.Relu
                        || layer instanceof Layer.GlobalAveragePool
                        || layer instanceof Layer.Linear))
                .isEqualTo(space.network(drawn, SMALL).nodes().stream()
                        .map(Network.Node::layer)
                        .filter(layer -> !(layer instanceof Layer.GlobalAveragePool || layer instanceof Layer.Linear))
                        .toList());
    }

    @Test
    void settingsAreThoseOfBothSpaces() {
        SearchSpace small = excited.with(Map.of("stem-stride", 1));

        assertThat(small.name()).isEqualTo(excited.name()).isEqualTo("mobilenet-se");
        assertThat(small.network(space.covering().get(0), SMALL).nodes().get(1).shape())
                .isEqualTo(new Shape(4, 28, 28));
    }

    private static long halved(long length, int stride) {
        return (length + stride - 1) / stride;
    }

    private static long width(int channels, ModelSize size) {
        return Math.max(1, Math.round(channels * size.channels() / 32.0));
    }

    @Test
    void halfTheWidthHalvesAllChannels() {
        Network full = space.network(space.covering().get(1), IMAGENET);
        Network half = space.network(space.covering().get(1), IMAGENET.withChannels(16));

        for (int node = 1; node < full.nodes().size() - 1; node++) {
            assertThat(2 * half.nodes().get(node).shape().channels())
                    .isEqualTo(full.nodes().get(node).shape().channels());
        }
    }

    /** Stochastic depth: what a block adds to its input, where it does. */
    @Test
    void dropPathLeavesOutWhatBlocksAdd() {
        Network network = space.network(space.covering().get(1), SMALL);
        List<Integer> added = network.nodes().stream()
                .filter(node -> node.layer() instanceof Layer.Sum)
                .map(node -> node.inputs().get(1))
                .toList();

        assertThat(network.paths()).hasSize(15).isEqualTo(added);
        assertThat(network.headPlace()).isEmpty();
    }

    @Test
    void smallestImagesHaveANetwork() {
        ModelSize size = new ModelSize(1, 1, new Shape(1, 1, 1), 2);

        assertThat(space.network(space.covering().get(5), size).classes()).isEqualTo(2);
    }

    @Property(tries = 30)
    void countIsTheNumberOfRelusOfTheChoiceBlocks(@ForAll long seed) {
        Architecture drawn = Sampling.any(space, new SplittableRandom(seed));
        Network network = space.network(drawn, SMALL);
        long relus = network.nodes().stream()
                .filter(node -> node.layer() instanceof Layer.Relu6)
                .count();

        // One in the stem, one in the first block and one in the head.
        assertThat(relus).isEqualTo(space.nonlinearities(drawn) + 3);
        assertThat(network.blocks()).hasSize(23).isSorted();
    }

    @Test
    void supernetHasTheWeightsOfEveryNetworkOnce() {
        assertSupernetHasTheWeightsOfEveryNetworkOnce(space);
        assertSupernetHasTheWeightsOfEveryNetworkOnce(excited);
    }

    private static void assertSupernetHasTheWeightsOfEveryNetworkOnce(SearchSpace space) {
        SpaceWeights weights = SpaceWeights.of(space, SMALL);

        assertThat(weights.all()).extracting(Weight::name).doesNotHaveDuplicates();
        assertThat(weights.common())
                .extracting(Weight::name)
                .containsExactly(
                        "stem.conv.weight",
                        "first.filter.conv.weight",
                        "first.project.conv.weight",
                        "head.conv.weight",
                        "classifier.weight",
                        "classifier.bias");
        SplittableRandom random = new SplittableRandom(1);
        for (int draw = 0; draw < 50; draw++) {
            assertThat(new HashSet<>(weights.all()))
                    .containsAll(
                            space.network(Sampling.any(space, random), SMALL).weights());
        }
    }
}
