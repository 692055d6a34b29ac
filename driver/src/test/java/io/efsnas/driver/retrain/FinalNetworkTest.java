package io.efsnas.driver.retrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.efsnas.data.Batch;
import io.efsnas.driver.retrain.cluster.Nd4jRuntime;
import io.efsnas.network.Layer;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.SearchSpaces;
import io.efsnas.supernet.Engine;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.SupernetState;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNConvHelper;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** The DL4J graph against the supernet's subnet, which is built from the same description by other code. */
class FinalNetworkTest {

    private static final SearchSpace SPACE = SearchSpaces.named("nas-bench-201");
    private static final int CLASSES = 5;
    private static final int IMAGES = 6;
    private static final ModelSize SIZE = new ModelSize(4, 1, new Shape(3, 8, 8), CLASSES);

    private static final String ALL_CONVOLUTIONS =
            "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|";

    @BeforeAll
    static void chooseNatives() {
        Nd4jRuntime.prepare(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ALL_CONVOLUTIONS,
                "|avg_pool_3x3~0|+|avg_pool_3x3~0|avg_pool_3x3~1|+|avg_pool_3x3~0|avg_pool_3x3~1|avg_pool_3x3~2|",
                "|nor_conv_1x1~0|+|skip_connect~0|avg_pool_3x3~1|+|nor_conv_3x3~0|none~1|nor_conv_1x1~2|",
                // one value twice in a sum
                "|skip_connect~0|+|none~0|none~1|+|skip_connect~0|skip_connect~1|none~2|",
                "|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|skip_connect~1|skip_connect~2|",
            })
    void computesWhatTheSubnetComputes(String text) {
        assertComputesWhatTheSubnetComputes(SPACE, SPACE.parse(text), 1e-4);
    }

    @Test
    void computesWhatTheSubnetOfTheMobileNetSpaceComputes() {
        SearchSpace mobile = SearchSpaces.named("mobilenet").with(Map.of("stem-stride", 1));

        assertComputesWhatTheSubnetComputes(
                mobile,
                mobile.parse("k3e3 k5e3 id id k5e6 id id id k3e6 k3e3 id id k7e3 id id id k3e3 id id id k3e3"),
                1e-2); // the last maps are a single pixel, whose norms magnify what rounding does
    }

    private static void assertComputesWhatTheSubnetComputes(
            SearchSpace space, Architecture architecture, double tolerance) {
        Network network = space.network(architecture, SIZE);
        ComputationGraph graph = FinalNetwork.of(network, 0, 0, 1);
        Batch batch = batch();
        try (Supernet supernet = supernet(space)) {
            copyWeights(supernet.state(), network, graph);
            DataSet data = DataSets.of(batch, CLASSES, 0);

            // In training mode batch norms use the statistics of the batch, as in a supernet.
            double[] outputs = graph.output(true, data.getFeatures())[0].data().asDouble();
            assertArrayEquals(probabilities(supernet, batch, architecture), outputs, 1e-4);

            graph.setInput(0, data.getFeatures());
            graph.setLabels(data.getLabels());
            graph.computeGradientAndScore();
            Map<String, INDArray> gradients = graph.gradient().gradientForVariable();
            supernet.train(batch, List.of(architecture), 0.1f);
            SupernetState after = supernet.state();
            for (Weight weight : network.weights()) {
                double[] actual =
                        inSupernetOrder(weight, gradients.get(parameter(weight)).div(IMAGES));
                // After the first step the momentum is the gradient.
                float[] expected = after.tensors()
                        .get(SupernetState.MOMENTUM + weight.name())
                        .values();
                for (int i = 0; i < expected.length; i++) {
                    assertThat(actual[i])
                            .as("gradient of %s, value %d", weight.name(), i)
                            .isCloseTo(expected[i], within(tolerance * (0.1 + Math.abs(expected[i]))));
                }
            }
        }
    }

    private static Supernet supernet(SearchSpace space) {
        return Engine.named("vector")
                .create(
                        new SupernetSpec(space, SIZE, new SupernetSpec.Optimizer(0.9f, 0, 0), IMAGES, 3),
                        Resources.cpu(1));
    }

    private static Batch batch() {
        Random random = new Random(5);
        float[] pixels = new float[IMAGES * SIZE.image().size()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        return new Batch(pixels, random.ints(IMAGES, 0, CLASSES).toArray(), SIZE.image());
    }

    private static void copyWeights(SupernetState state, Network network, ComputationGraph graph) {
        for (Weight weight : network.weights()) {
            INDArray values = Nd4j.createFromArray(
                            state.tensors().get(weight.name()).values())
                    .reshape(weight.shape().stream().mapToInt(Integer::intValue).toArray());
            graph.getParam(parameter(weight))
                    .assign(
                            isMatrix(weight)
                                    ? values.transpose()
                                    : isDepthwise(weight)
                                            ? values.permute(2, 3, 0, 1)
                                            : values.reshape(graph.getParam(parameter(weight))
                                                    .shape()));
        }
    }

    private static double[] inSupernetOrder(Weight weight, INDArray values) {
        INDArray ordered =
                isMatrix(weight) ? values.transpose() : isDepthwise(weight) ? values.permute(2, 3, 0, 1) : values;
        return ordered.dup('c').data().asDouble();
    }

    /** DL4J keeps the weights of a depthwise convolution as {@code [row, column, channel, 1]}. */
    private static boolean isDepthwise(Weight weight) {
        return weight.name().contains(".filter.");
    }

    /** DL4J keeps the weights of a linear layer as {@code [inputs, outputs]}. */
    private static boolean isMatrix(Weight weight) {
        return weight.shape().size() == 2;
    }

    private static String parameter(Weight weight) {
        return weight.name().replaceFirst("\\.weight$", "_W").replaceFirst("\\.bias$", "_b");
    }

    /**
     * The supernet's probability of each class of each image. It only tells the loss of a batch, which is minus the sum of
     * the logarithms of the labels' probabilities; so each label is exchanged in turn.
     */
    private static double[] probabilities(Supernet supernet, Batch batch, Architecture architecture) {
        double[] probabilities = new double[IMAGES * CLASSES];
        for (int image = 0; image < IMAGES; image++) {
            double sum = 0;
            for (int label = 0; label < CLASSES; label++) {
                int[] labels = batch.labels().clone();
                labels[image] = label;
                double likelihood = Math.exp(
                        -supernet.score(new Batch(batch.images(), labels, batch.shape()), List.of(architecture))
                                .get(0)
                                .lossSum());
                probabilities[image * CLASSES + label] = likelihood;
                sum += likelihood;
            }
            for (int label = 0; label < CLASSES; label++) {
                probabilities[image * CLASSES + label] /= sum;
            }
        }
        return probabilities;
    }

    @Test
    void convolutionsUseOneDnn() {
        Network network = SPACE.network(SPACE.parse(ALL_CONVOLUTIONS), SIZE);

        ConvolutionLayer stem =
                (ConvolutionLayer) FinalNetwork.of(network, 0, 0, 1).getLayer("stem.conv");

        assertThat(stem.getHelper()).isInstanceOf(MKLDNNConvHelper.class);
    }

    @Test
    void hasTheParametersOfTheBenchmark() {
        ModelSize size = new ModelSize(16, 5, new Shape(3, 32, 32), 10);
        Architecture architecture = SPACE.parse(ALL_CONVOLUTIONS);
        Network network = SPACE.network(architecture, size);

        long parameters = FinalNetwork.of(network, 0.9, 5e-4, 1).numParams();

        // DL4J counts the running mean and variance of batch norms too.
        long statistics = network.nodes().stream()
                .map(Network.Node::layer)
                .filter(Layer.BatchNorm.class::isInstance)
                .mapToLong(norm -> 2L * ((Layer.BatchNorm) norm).channels())
                .sum();
        assertThat(parameters - statistics)
                .isEqualTo(SPACE.cost(architecture, size).parameters())
                .isEqualTo(1_531_546);
    }
}
