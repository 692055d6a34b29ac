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
            inputs = outputs;
        }
        long head = width(1280, size);
        flops += inputs * head * height * width + head * size.classes();
        parameters += inputs * head + 2 * head + (head + 1) * size.classes();

        SearchSpace its = space.with(Map.of("stem-stride", stemStride));
        assertThat(its.cost(architecture, size)).isEqualTo(new Cost(flops, parameters));
        assertThat(its.liveCost(architecture, size)).isEqualTo(new Cost(flops, parameters));
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
