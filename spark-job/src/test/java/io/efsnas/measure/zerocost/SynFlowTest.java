package io.efsnas.measure.zerocost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.measure.MeasureContext;
import io.efsnas.network.Layer;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.network.Network.Node;
import io.efsnas.network.Shape;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.SpaceWeights;
import io.efsnas.space.darts.DartsSpace;
import io.efsnas.space.mobilenet.MobileNetSeSpace;
import io.efsnas.space.mobilenet.MobileNetSpace;
import io.efsnas.supernet.InitialWeights;
import io.efsnas.supernet.SupernetState;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SynFlowTest {

    /** Small enough that the same pixels stay the largest of their windows. */
    private static final double GROWTH = 1e-4;

    /**
     * Every path from the image to a logit passes a weight at most once. So what a layer's weights add to the sum is what
     * the logits gain if that layer's weights grow, by the share that they grow by.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "|nor_conv_1x1~0|+|skip_connect~0|avg_pool_3x3~1|+|nor_conv_3x3~0|none~1|nor_conv_1x1~2|",
                "|nor_conv_3x3~0|+|nor_conv_3x3~0|skip_connect~1|+|nor_conv_1x1~0|none~1|avg_pool_3x3~2|",
                "|none~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|"
            })
    void sumIsOfWhatEachLayerAdds(String text) {
        Architecture architecture = StubSupernet.SPACE.parse(text);
        MeasureContext context = StubSupernet.context(new StubSupernet());
        Network network = StubSupernet.SPACE.network(architecture, StubSupernet.SIZE);
        SupernetState weights = context.fresh().weights();

        double value = new SynFlow().of(architecture, context)[0];

        assertThat(value).isCloseTo(Math.log(gains(network, weights)), within(1e-9));
    }

    @Test
    void sumOfStackedCellsIsOfWhatEachLayerAdds() {
        SearchSpace darts = new DartsSpace();
        ModelSize size = new ModelSize(2, 3, new Shape(3, 8, 8), 3);
        Network network = darts.network(
                darts.parse("normal |sep_conv_3x3~0|dil_conv_3x3~1|+|skip_connect~0|max_pool_3x3~2|+|dil_conv_5x5~1|"
                        + "+|avg_pool_3x3~3| reduce |skip_connect~0|dil_conv_3x3~1|+|max_pool_3x3~0|+|avg_pool_3x3~1|"
                        + "+|sep_conv_5x5~2|"),
                size);
        SupernetState weights =
                InitialWeights.normal(1, SpaceWeights.of(darts, size).all());

        double value = SynapticFlow.of(network, weights);

        assertThat(value / gains(network, weights)).isCloseTo(1, within(1e-9));
    }

    private static final SearchSpace BLOCKS = new MobileNetSpace();
    private static final ModelSize SMALL = new ModelSize(4, 1, new Shape(3, 8, 8), 3);
    private static final Architecture BOTTLENECKS =
            BLOCKS.parse("k3e3 k5e3 id id k5e6 id id id k3e6 k3e3 id id k7e3 id id id k7e3 id id id k3e3");

    /** Whose last kernels are larger than the maps. */
    @Test
    void sumOfBlocksIsOfWhatEachLayerAdds() {
        Network network = BLOCKS.network(BOTTLENECKS, SMALL);
        SupernetState weights =
                InitialWeights.normal(1, SpaceWeights.of(BLOCKS, SMALL).all());

        double value = SynapticFlow.of(network, weights);

        assertThat(value / gains(network, weights)).isCloseTo(1, within(1e-9));
    }

    /** Gates are open, so that their layers add nothing. */
    @Test
    void sumOfBlocksWithExcitationIsThatOfBlocksWithout() {
        SearchSpace excited = new MobileNetSeSpace();
        SupernetState weights =
                InitialWeights.normal(1, SpaceWeights.of(excited, SMALL).all());

        double value = SynapticFlow.of(excited.network(BOTTLENECKS, SMALL), weights);

        assertThat(value / SynapticFlow.of(BLOCKS.network(BOTTLENECKS, SMALL), weights))
                .isCloseTo(1, within(1e-12));
    }

    private static double gains(Network network, SupernetState weights) {
        double logits = logits(network, weights, -1);
        double gains = 0;
        for (Node node : network.nodes()) {
            if (!node.layer().weights().isEmpty()) {
                gains += (logits(network, weights, node.index()) - logits) / GROWTH;
            }
        }
        return gains;
    }

    /** The sum of the logits without biases, where one node's weights have grown. */
    private static double logits(Network network, SupernetState weights, int grown) {
        double[][][][] outputs = new double[network.nodes().size()][][][];
        for (Node node : network.nodes()) {
            double[][][] output = zeros(node.shape());
            outputs[node.index()] = output;
            double factor = node.index() == grown ? 1 + GROWTH : 1;
            int first = 0;
            for (int input : node.inputs()) {
                Shape shape = network.nodes().get(input).shape();
                if (node.layer() instanceof Layer.Concatenation) {
                    for (int channel = 0; channel < shape.channels(); channel++) {
                        output[first++] = outputs[input][channel];
                    }
                    continue;
                }
                for (int channel = 0; channel < node.shape().channels(); channel++) {
                    for (int row = 0; row < node.shape().height(); row++) {
                        for (int column = 0; column < node.shape().width(); column++) {
                            output[channel][row][column] +=
                                    factor * value(node.layer(), weights, outputs[input], shape, channel, row, column);
                        }
                    }
                }
            }
            if (node.inputs().isEmpty()) {
                for (double[][] rows : output) {
                    for (double[] row : rows) {
                        Arrays.fill(row, 1);
                    }
                }
            }
        }
        double sum = 0;
        for (double[][] logit : outputs[outputs.length - 1]) {
            sum += logit[0][0];
        }
        return sum;
    }

    private static double[][][] zeros(Shape shape) {
        return new double[shape.channels()][shape.height()][shape.width()];
    }

    /** What an input adds to a value of a layer's output. */
    private static double value(
            Layer layer, SupernetState weights, double[][][] in, Shape shape, int channel, int row, int column) {
        if (layer instanceof Layer.Convolution convolution) {
            return convolved(convolution, weights, in, shape, channel, row, column);
        }
        if (layer instanceof Layer.Depthwise filter) {
            float[] values = weights.values(filter.weights().get(0));
            double sum = 0;
            for (int tap = 0; tap < filter.kernel() * filter.kernel(); tap++) {
                int y = row * filter.stride() + tap / filter.kernel() * filter.dilation() - filter.padding();
                int x = column * filter.stride() + tap % filter.kernel() * filter.dilation() - filter.padding();
                if (y >= 0 && y < shape.height() && x >= 0 && x < shape.width()) {
                    sum += Math.abs(values[channel * filter.kernel() * filter.kernel() + tap]) * in[channel][y][x];
                }
            }
            return sum;
        }
        if (layer instanceof Layer.Subsample kept) {
            return in[channel][row * kept.stride() + kept.first()][column * kept.stride() + kept.first()];
        }
        if (layer instanceof Layer.MaxPool pool) {
            double largest = 0;
            for (int y = row * pool.stride() - 1; y <= row * pool.stride() + 1; y++) {
                for (int x = column * pool.stride() - 1; x <= column * pool.stride() + 1; x++) {
                    boolean inside = y >= 0 && y < shape.height() && x >= 0 && x < shape.width();
                    largest = inside ? Math.max(largest, in[channel][y][x]) : largest;
                }
            }
            return largest;
        }
        if (layer instanceof Layer.AveragePool pool) {
            double sum = 0;
            int count = 0;
            for (int i = 0; i < pool.kernel(); i++) {
                for (int j = 0; j < pool.kernel(); j++) {
                    int y = row * pool.stride() + i - pool.padding();
                    int x = column * pool.stride() + j - pool.padding();
                    if (y >= 0 && y < shape.height() && x >= 0 && x < shape.width()) {
                        sum += in[channel][y][x];
                        count++;
                    }
                }
            }
            return sum / count;
        }
        if (layer instanceof Layer.GlobalAveragePool) {
            double sum = 0;
            for (double[] line : in[channel]) {
                for (double each : line) {
                    sum += each;
                }
            }
            return sum / shape.pixels();
        }
        if (layer instanceof Layer.Linear linear) {
            float[] values = weights.values(linear.weights().get(0));
            double sum = 0;
            for (int input = 0; input < linear.inputs(); input++) {
                sum += Math.abs(values[channel * linear.inputs() + input]) * in[input][0][0];
            }
            return sum;
        }
        return in[channel][row][column];
    }

    private static double convolved(
            Layer.Convolution layer,
            SupernetState weights,
            double[][][] in,
            Shape shape,
            int channel,
            int row,
            int column) {
        float[] values = weights.values(layer.weights().get(0));
        double sum = 0;
        for (int input = 0; input < layer.inputs(); input++) {
            for (int i = 0; i < layer.kernel(); i++) {
                for (int j = 0; j < layer.kernel(); j++) {
                    int y = row * layer.stride() + i - layer.padding();
                    int x = column * layer.stride() + j - layer.padding();
                    if (y >= 0 && y < shape.height() && x >= 0 && x < shape.width()) {
                        int at = ((channel * layer.inputs() + input) * layer.kernel() + i) * layer.kernel() + j;
                        sum += Math.abs(values[at]) * in[input][y][x];
                    }
                }
            }
        }
        return sum;
    }
}
