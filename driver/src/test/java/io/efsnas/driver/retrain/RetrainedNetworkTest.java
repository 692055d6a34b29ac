package io.efsnas.driver.retrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.efsnas.data.Batch;
import io.efsnas.driver.retrain.cluster.LearningRate;
import io.efsnas.driver.retrain.cluster.Nd4jRuntime;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.retraining.NetworkTensors;
import io.efsnas.retraining.RetrainedNetwork;
import io.efsnas.retraining.RetrainedNetworkSpec;
import io.efsnas.retraining.RetrainedNetworkSpec.Regularisation;
import io.efsnas.retraining.RetrainingEngine;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.SearchSpaces;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.SupernetState.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The final network of each engine against the DL4J graph, which is built from the same description by other code.
 */
class RetrainedNetworkTest {

    private static final SearchSpace SPACE = SearchSpaces.named("nas-bench-201");
    private static final int CLASSES = 5;
    private static final int IMAGES = 6;
    private static final double SMOOTHING = 0.1;
    private static final double MOMENTUM = 0.9;
    private static final double WEIGHT_DECAY = 0.01;
    private static final float LEARNING_RATE = 0.05f;
    private static final String CONVOLUTIONS =
            "|nor_conv_3x3~0|+|nor_conv_1x1~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_1x1~1|nor_conv_3x3~2|";

    /** The logarithm to base 10 of the deviation. */
    private static final String VARIANCE = "_log10stdev";

    @BeforeAll
    static void chooseNatives() {
        Nd4jRuntime.prepare(1);
    }

    /** The DL4J graph of an architecture, whose batch norms are no longer the identity, and the same on an engine. */
    private record Both(ComputationGraph graph, RetrainedNetwork network, NetworkTensors tensors)
            implements AutoCloseable {

        static Both of(String engine, String text, ModelSize size, double dropout) {
            return of(engine, SPACE, SPACE.parse(text), size, dropout);
        }

        static Both of(String engine, SearchSpace space, Architecture architecture, ModelSize size, double dropout) {
            Network layers = space.network(architecture, size);
            NetworkTensors tensors = NetworkTensors.of(layers);
            ComputationGraph graph = FinalNetwork.of(layers, MOMENTUM, WEIGHT_DECAY, 1);
            Random random = new Random(3);
            for (String suffix : new String[] {"_gamma", "_beta", "_mean", VARIANCE}) {
                graph.paramTable().forEach((name, values) -> {
                    if (name.endsWith(suffix)) {
                        float[] drawn = new float[(int) values.length()];
                        for (int i = 0; i < drawn.length; i++) {
                            drawn[i] = (suffix.equals("_gamma") ? 1 : 0) + 0.2f * (random.nextFloat() - 0.5f);
                        }
                        values.assign(Nd4j.createFromArray(drawn).reshape(values.shape()));
                    }
                });
            }
            Optimizer optimizer = new Optimizer((float) MOMENTUM, (float) WEIGHT_DECAY, 0);
            RetrainedNetwork network = RetrainingEngine.named(engine)
                    .create(
                            new RetrainedNetworkSpec(
                                    space,
                                    architecture,
                                    size,
                                    optimizer,
                                    new Regularisation(SMOOTHING, dropout, 0, 0),
                                    0,
                                    IMAGES,
                                    1),
                            Resources.cpu(1));
            Map<String, Tensor> state = new HashMap<>(network.state());
            tensors.learned().forEach(weight -> state.put(weight.name(), Dl4jTensors.tensor(weight, graph)));
            tensors.statistics().forEach(value -> state.put(value.name(), Dl4jTensors.tensor(value, graph)));
            network.restore(state);
            return new Both(graph, network, tensors);
        }

        @Override
        public void close() {
            network.close();
        }
    }

    private static ModelSize size(int channels) {
        return new ModelSize(channels, 1, new Shape(3, 8, 8), CLASSES);
    }

    private static Batch batch(int seed) {
        Shape shape = size(1).image();
        Random random = new Random(seed);
        float[] pixels = new float[IMAGES * shape.size()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        return new Batch(pixels, random.ints(IMAGES, 0, CLASSES).toArray(), shape);
    }

    private static double[] probabilities(float[] logits) {
        return Nd4j.nn()
                .softmax(Nd4j.createFromArray(logits).reshape(IMAGES, CLASSES), 1)
                .data()
                .asDouble();
    }

    private static double[] output(ComputationGraph graph, Batch batch, boolean training) {
        return graph.output(training, DataSets.of(batch, CLASSES, 0).getFeatures())[0]
                .dup('c')
                .data()
                .asDouble();
    }

    private static final String[] ENGINES = {"libtorch", "vector"};

    static Stream<Arguments> computesAndLearnsWhatTheDl4jGraphDoes() {
        return Arrays.stream(ENGINES).flatMap(engine -> Stream.of(
                        Arguments.of(4, CONVOLUTIONS),
                        Arguments.of(1, CONVOLUTIONS),
                        Arguments.of(
                                4,
                                "|avg_pool_3x3~0|+|avg_pool_3x3~0|avg_pool_3x3~1|+|avg_pool_3x3~0|avg_pool_3x3~1|avg_pool_3x3~2|"),
                        Arguments.of(
                                4,
                                "|nor_conv_1x1~0|+|skip_connect~0|avg_pool_3x3~1|+|nor_conv_3x3~0|none~1|nor_conv_1x1~2|"),
                        // one value twice in a sum
                        Arguments.of(4, "|skip_connect~0|+|none~0|none~1|+|skip_connect~0|skip_connect~1|none~2|"),
                        // a convolution that leads nowhere
                        Arguments.of(
                                3, "|nor_conv_3x3~0|+|none~0|skip_connect~1|+|nor_conv_1x1~0|skip_connect~1|none~2|"))
                .map(of -> Arguments.of(engine, of.get()[0], of.get()[1])));
    }

    @ParameterizedTest
    @MethodSource
    void computesAndLearnsWhatTheDl4jGraphDoes(String engine, int channels, String text) {
        try (Both both = Both.of(engine, text, size(channels), 0)) {
            assertComputesAndLearnsTheSame(both, 2, 2e-4);
        }
    }

    @ParameterizedTest
    @FieldSource("ENGINES")
    void computesAndLearnsWhatTheDl4jGraphOfTheMobileNetSpaceDoes(String engine) {
        SearchSpace mobile = SearchSpaces.named("mobilenet").with(Map.of("stem-stride", 1));
        Architecture architecture =
                mobile.parse("k3e3 k5e3 id id k5e6 id id id k3e6 k3e3 id id k7e3 id id id k3e3 id id id k3e3");
        try (Both both = Both.of(engine, mobile, architecture, size(4), 0)) {
            // The last maps are a single pixel, whose norms magnify what rounding does.
            assertComputesAndLearnsTheSame(both, 1, 1e-2);
        }
    }

    private static final SearchSpace DARTS = SearchSpaces.named("darts");

    /** With a strided skip connection, pools of both kinds, and one value twice in a concatenation. */
    private static final String WITHOUT_DILATION =
            "normal |sep_conv_3x3~0|skip_connect~1|+|skip_connect~0|max_pool_3x3~2|+|sep_conv_5x5~1|avg_pool_3x3~3|"
                    + "+|skip_connect~4| reduce |sep_conv_3x3~0|skip_connect~1|+|max_pool_3x3~0|skip_connect~2|"
                    + "+|sep_conv_5x5~1|avg_pool_3x3~0|+|skip_connect~4|max_pool_3x3~3|";

    private static final ModelSize STACKED = new ModelSize(4, 3, new Shape(3, 8, 8), CLASSES);

    @ParameterizedTest
    @FieldSource("ENGINES")
    void computesAndLearnsWhatTheDl4jGraphOfTheDartsSpaceDoes(String engine) {
        try (Both both = Both.of(engine, DARTS, DARTS.parse(WITHOUT_DILATION), STACKED, 0)) {
            assertComputesAndLearnsTheSame(both, 1, 1e-2);
        }
    }

    /** DL4J has none, but the engines have to agree. */
    @Test
    void enginesComputeDilatedConvolutionsAlike() {
        Architecture dilated = DARTS.parse(WITHOUT_DILATION.replace("sep_conv", "dil_conv"));
        Map<String, Tensor> vector = afterAStepOf("vector", dilated);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> FinalNetwork.of(DARTS.network(dilated, STACKED), 0, 0, 1))
                .withMessage("DL4J computes no dilated depthwise convolutions, such as"
                        + " cell1.0-2.dil_conv_3x3.filter.conv");
        assertThat(Dl4jTensors.beyondDl4j(DARTS, STACKED)).contains("dilated depthwise convolutions");
        assertThat(Dl4jTensors.beyondDl4j(SPACE, size(4))).isEmpty();
        assertThat(Dl4jTensors.beyondDl4j(SearchSpaces.named("mobilenet"), size(4)))
                .isEmpty();
        assertThat(Dl4jTensors.beyondDl4j(SearchSpaces.named("mobilenet-se"), size(4)))
                .contains("squeeze-and-excitation");
        afterAStepOf("libtorch", dilated)
                .forEach((name, tensor) ->
                        assertArrayEquals(tensor.values(), vector.get(name).values(), 1e-3f, name));
    }

    private static Map<String, Tensor> afterAStepOf(String engine, Architecture architecture) {
        RetrainedNetworkSpec spec = new RetrainedNetworkSpec(
                DARTS,
                architecture,
                STACKED,
                new Optimizer(0.9f, 0.01f, 0),
                Regularisation.smoothing(SMOOTHING),
                0,
                IMAGES,
                1);
        try (RetrainedNetwork network = RetrainingEngine.named(engine).create(spec, Resources.cpu(1))) {
            network.train(batch(5), 0, LEARNING_RATE, 0);
            return network.state();
        }
    }

    private static void assertComputesAndLearnsTheSame(Both both, int steps, double tolerance) {
        Batch batch = batch(5);
        Map<String, Tensor> before = both.network().state();

        assertArrayEquals(
                output(both.graph(), batch, false), probabilities(both.network().logits(batch, false)), 1e-4);
        assertArrayEquals(
                output(both.graph(), batch, true), probabilities(both.network().logits(batch, true)), 1e-4);

        both.network().restore(before);
        LearningRate.set(both.graph(), LEARNING_RATE);
        for (int step = 0; step < steps; step++) {
            DataSet data = DataSets.of(batch(step), CLASSES, SMOOTHING);
            both.graph().fit(data);
            both.network().train(batch(step), step, LEARNING_RATE, 0);
            assertSameWeights(both, before, step, tolerance);
        }
    }

    /** Of the weights what they have changed by, since that is small beside the weights themselves. */
    private static void assertSameWeights(Both both, Map<String, Tensor> before, int step, double tolerance) {
        Map<String, Tensor> after = both.network().state();
        for (Weight weight : both.tensors().learned()) {
            float[] begin = before.get(weight.name()).values();
            float[] actual = after.get(weight.name()).values();
            float[] expected = Dl4jTensors.tensor(weight, both.graph()).values();
            for (int i = 0; i < expected.length; i++) {
                double change = (expected[i] - begin[i]) / LEARNING_RATE;
                assertThat((actual[i] - begin[i]) / LEARNING_RATE)
                        .as("change of %s, value %d, after step %d", weight.name(), i, step)
                        .isCloseTo((float) change, within((float) (tolerance * (0.1 + Math.abs(change)))));
            }
        }
        for (Weight value : both.tensors().statistics()) {
            if (value.name().endsWith(".running_mean")) {
                assertArrayEquals(
                        Dl4jTensors.tensor(value, both.graph()).values(),
                        after.get(value.name()).values(),
                        1e-4f,
                        value.name());
            }
        }
    }

    @ParameterizedTest
    @FieldSource("ENGINES")
    void theRunningVarianceIsThatOfASample(String engine) {
        try (Both both = Both.of(engine, CONVOLUTIONS, size(4), 0)) {
            Map<String, Tensor> before = both.network().state();

            both.graph().fit(DataSets.of(batch(5), CLASSES, 0));
            both.network().train(batch(5), 0, LEARNING_RATE, 0);

            // DL4J takes the variance of the batch as a population's.
            double pixels = IMAGES * size(4).image().pixels();
            String name = "stem.norm.running_var";
            float[] begin = before.get(name).values();
            Weight value = both.tensors().statistics().stream()
                    .filter(weight -> weight.name().equals(name))
                    .findFirst()
                    .orElseThrow();
            float[] ofPopulation = Dl4jTensors.tensor(value, both.graph()).values();
            float[] actual = both.network().state().get(name).values();
            for (int i = 0; i < actual.length; i++) {
                double batchVariance = (ofPopulation[i] - 0.9 * begin[i]) / 0.1 * pixels / (pixels - 1);
                assertThat(actual[i]).isCloseTo((float) (0.9 * begin[i] + 0.1 * batchVariance), within(1e-4f));
            }
        }
    }

    @ParameterizedTest
    @FieldSource("ENGINES")
    void evaluatesByTheRunningStatisticsWithoutSmoothing(String engine) {
        try (Both both = Both.of(engine, CONVOLUTIONS, size(4), 0)) {
            Batch batch = batch(5);
            double[] expected = output(both.graph(), batch, false);
            double loss = 0;
            int correct = 0;
            for (int image = 0; image < IMAGES; image++) {
                double[] row = Arrays.copyOfRange(expected, image * CLASSES, (image + 1) * CLASSES);
                double own = row[batch.labels()[image]];
                loss -= Math.log(own);
                correct += Arrays.stream(row).allMatch(other -> other <= own) ? 1 : 0;
            }

            assertThat(both.network().evaluate(batch).lossSum()).isCloseTo(loss, within(1e-3));
            assertThat(both.network().evaluate(batch).correct()).isEqualTo(correct);
        }
    }

    @ParameterizedTest
    @FieldSource("ENGINES")
    void dropoutChangesWhatIsLearnedStepByStep(String engine) {
        Map<String, Tensor> without = afterAStep(engine, 0, 7);
        Map<String, Tensor> with = afterAStep(engine, 0.5, 7);

        assertThat(weights(with)).isNotEqualTo(weights(without)).isEqualTo(weights(afterAStep(engine, 0.5, 7)));
        assertThat(weights(with)).isNotEqualTo(weights(afterAStep(engine, 0.5, 8)));
    }

    private static Map<String, Tensor> afterAStep(String engine, double dropout, long step) {
        try (Both both = Both.of(engine, CONVOLUTIONS, size(4), dropout)) {
            both.network().train(batch(5), step, LEARNING_RATE, 0);
            return both.network().state();
        }
    }

    private static float[] weights(Map<String, Tensor> state) {
        return state.get(SupernetState.MOMENTUM + "classifier.weight").values();
    }

    /** DL4J has no clipping over all gradients, but the engines have to agree. */
    @Test
    void enginesClipTheWholeGradientAlike() {
        Map<String, Tensor> vector = afterAClippedStep("vector", 0.1f);

        assertThat(weights(vector)).isNotEqualTo(weights(afterAClippedStep("vector", 0)));
        afterAClippedStep("libtorch", 0.1f)
                .forEach((name, tensor) ->
                        assertArrayEquals(tensor.values(), vector.get(name).values(), 1e-4f, name));
    }

    private static Map<String, Tensor> afterAClippedStep(String engine, float clip) {
        RetrainedNetworkSpec spec = new RetrainedNetworkSpec(
                SPACE,
                SPACE.parse(CONVOLUTIONS),
                size(4),
                new Optimizer(0.9f, 0.01f, clip),
                Regularisation.smoothing(SMOOTHING),
                0,
                IMAGES,
                1);
        try (RetrainedNetwork network = RetrainingEngine.named(engine).create(spec, Resources.cpu(1))) {
            network.train(batch(5), 0, LEARNING_RATE, 0);
            return network.state();
        }
    }
}
