package io.efsnas.supernet.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.checkpoint.Safetensors;
import io.efsnas.data.Batch;
import io.efsnas.network.AuxiliaryHead;
import io.efsnas.network.Layer;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.network.Network.Node;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.retraining.RetrainedNetwork;
import io.efsnas.retraining.RetrainedNetworkSpec;
import io.efsnas.retraining.RetrainedNetworkSpec.Regularisation;
import io.efsnas.retraining.RetrainingEngine;
import io.efsnas.retraining.RetrainingStates;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.darts.DartsSpace;
import io.efsnas.space.mobilenet.MobileNetSeSpace;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.supernet.SupernetState.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What drop path and the auxiliary head of a final network's training do, against plain loops in double precision and finite
 * differences of those.
 */
class RegularisationTest {

    private static final String[] ENGINES = {"libtorch", "vector"};
    private static final int CLASSES = 3;
    private static final int IMAGES = 5;
    private static final long SEED = 3;
    private static final long STEP = 7;
    private static final double SMOOTHING = 0.1;
    private static final double DROP_PATH = 0.6;
    private static final double PROGRESS = 0.5;
    private static final double AUXILIARY = 0.4;
    private static final float LEARNING_RATE = 0.05f;
    private static final double DIFFERENCE = 1e-5;

    private static final Regularisation DROPPING = new Regularisation(SMOOTHING, 0, DROP_PATH, 0);
    private static final Regularisation BOTH = new Regularisation(SMOOTHING, 0, DROP_PATH, AUXILIARY);

    /** Of all kinds, with one node's value from a single path that is a pool. */
    private static final RetrainedNetworkSpec STACK = spec(
            new DartsSpace(),
            "normal |sep_conv_3x3~0|max_pool_3x3~1|+|max_pool_3x3~0|+|dil_conv_5x5~1|avg_pool_3x3~2|"
                    + "+|skip_connect~1|max_pool_3x3~3| reduce |max_pool_3x3~0|skip_connect~1|+|dil_conv_3x3~0|"
                    + "max_pool_3x3~2|+|avg_pool_3x3~1|skip_connect~2|+|sep_conv_5x5~1|max_pool_3x3~4|",
            3,
            BOTH);

    private static final RetrainedNetworkSpec CELLS = spec(
            new NasBench201Space(),
            "|nor_conv_3x3~0|+|avg_pool_3x3~0|skip_connect~1|+|nor_conv_1x1~0|nor_conv_3x3~1|avg_pool_3x3~2|",
            1,
            DROPPING);

    /** Of images whose last maps still have several pixels, since the norms of single ones magnify what rounding does. */
    private static final RetrainedNetworkSpec BLOCKS = spec(
            new MobileNetSeSpace().with(Map.of("stem-stride", 1)),
            "k3e3 id id k5e6 k3e6 id id id k7e3 id k3e3 id k3e3 id id id k5e3 id id id k3e3",
            1,
            new Shape(2, 24, 24),
            DROPPING);

    private static RetrainedNetworkSpec spec(SearchSpace space, String text, int cells, Regularisation regularisation) {
        return spec(space, text, cells, new Shape(2, 16, 16), regularisation);
    }

    private static RetrainedNetworkSpec spec(
            SearchSpace space, String text, int cells, Shape image, Regularisation regularisation) {
        return new RetrainedNetworkSpec(
                space,
                space.parse(text),
                new ModelSize(4, cells, image, CLASSES),
                new Optimizer(0.9f, 0, 0),
                regularisation,
                0,
                IMAGES + 1,
                SEED);
    }

    private static RetrainedNetworkSpec with(RetrainedNetworkSpec spec, Regularisation regularisation) {
        return new RetrainedNetworkSpec(
                spec.space(),
                spec.architecture(),
                spec.size(),
                spec.optimizer(),
                regularisation,
                0,
                spec.batch(),
                spec.seed());
    }

    private static RetrainedNetwork network(String engine, RetrainedNetworkSpec spec) {
        return RetrainingEngine.named(engine).create(spec, Resources.cpu(1));
    }

    private static Batch batch(int seed) {
        return batch(seed, STACK);
    }

    private static Batch batch(int seed, RetrainedNetworkSpec spec) {
        Random random = new Random(seed);
        Shape image = spec.size().image();
        float[] pixels = new float[IMAGES * image.size()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        return new Batch(pixels, random.ints(IMAGES, 0, CLASSES).toArray(), image);
    }

    /** The loss of a training step, as the definitions have it. */
    private static final class Loss implements Layer.Visitor<double[]> {

        private final RetrainedNetworkSpec spec;
        private final Batch batch;
        private final ReferenceKernels kernels = new ReferenceKernels(IMAGES);
        private final Map<String, double[]> weights = new HashMap<>();
        private final Network network;
        private final List<double[]> outputs = new ArrayList<>();
        private Node node;

        Loss(RetrainedNetworkSpec spec, Map<String, Tensor> state, Batch batch) {
            this.spec = spec;
            this.batch = batch;
            this.network = spec.network();
            state.forEach((name, tensor) -> {
                double[] values = new double[tensor.values().length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = tensor.values()[i];
                }
                weights.put(name, values);
            });
        }

        double of() {
            outputs.clear();
            double[] factors = factors();
            for (Node next : network.nodes()) {
                node = next;
                double[] output = next.layer().accept(this);
                int path = network.paths().indexOf(next.index());
                for (int i = 0; path >= 0 && i < output.length; i++) {
                    output[i] *= factors[path * IMAGES + i / next.shape().size()];
                }
                outputs.add(output);
            }
            double weight = spec.regularisation().auxiliaryWeight();
            return crossEntropy(outputs.get(outputs.size() - 1)) + (weight > 0 ? weight * crossEntropy(head()) : 0);
        }

        private double[] factors() {
            double left = spec.regularisation().dropPath() * PROGRESS;
            SplittableRandom random = KeyedRandom.of(SEED, Purpose.DROP_PATH, STEP);
            return Stream.generate(() -> random.nextDouble() < left ? 0 : 1 / (1 - left))
                    .limit((long) network.paths().size() * IMAGES)
                    .mapToDouble(factor -> factor)
                    .toArray();
        }

        /** DARTS's head on 4x4 maps, with a convolution of 2x2 without padding. */
        private double[] head() {
            int place = network.headPlace().orElseThrow();
            Shape maps = network.nodes().get(place).shape();
            double[] rectified = relu(outputs.get(place));
            double[] pooled = new double[IMAGES * maps.channels() * 4];
            double[] reduced = new double[IMAGES * 128 * 4];
            double[] features = new double[IMAGES * 768];
            double[] logits = new double[IMAGES * CLASSES];
            for (int map = 0; map < IMAGES * maps.channels(); map++) {
                for (int pixel = 0; pixel < 4; pixel++) {
                    for (int i = 0; i < 9; i++) {
                        pooled[4 * map + pixel] +=
                                rectified[16 * map + 4 * (pixel / 2 + i / 3) + pixel % 2 + i % 3] / 9;
                    }
                }
            }
            double[] reducing = weights.get("auxiliary-head.reduce.conv.weight");
            double[] extracting = weights.get("auxiliary-head.features.conv.weight");
            double[] classifying = weights.get("auxiliary-head.classifier.weight");
            for (int image = 0; image < IMAGES; image++) {
                for (int output = 0; output < 128; output++) {
                    for (int input = 0; input < maps.channels(); input++) {
                        for (int pixel = 0; pixel < 4; pixel++) {
                            reduced[(image * 128 + output) * 4 + pixel] += reducing[output * maps.channels() + input]
                                    * pooled[(image * maps.channels() + input) * 4 + pixel];
                        }
                    }
                }
            }
            reduced = relu(normalised("auxiliary-head.reduce.norm", reduced, 4));
            for (int image = 0; image < IMAGES; image++) {
                for (int output = 0; output < 768; output++) {
                    for (int input = 0; input < 128; input++) {
                        for (int pixel = 0; pixel < 4; pixel++) {
                            int kernel = 9 * (output * 128 + input) + 3 * (1 + pixel / 2) + 1 + pixel % 2;
                            features[image * 768 + output] +=
                                    extracting[kernel] * reduced[(image * 128 + input) * 4 + pixel];
                        }
                    }
                }
            }
            features = relu(normalised("auxiliary-head.features.norm", features, 1));
            for (int i = 0; i < logits.length; i++) {
                logits[i] = weights.get("auxiliary-head.classifier.bias")[i % CLASSES];
                for (int input = 0; input < 768; input++) {
                    logits[i] += classifying[i % CLASSES * 768 + input] * features[i / CLASSES * 768 + input];
                }
            }
            return logits;
        }

        private double crossEntropy(double[] logits) {
            double sum = 0;
            for (int image = 0; image < IMAGES; image++) {
                double exponentials = 0;
                for (int c = 0; c < CLASSES; c++) {
                    exponentials += Math.exp(logits[image * CLASSES + c]);
                }
                for (int c = 0; c < CLASSES; c++) {
                    double target = SMOOTHING / CLASSES + (c == batch.labels()[image] ? 1 - SMOOTHING : 0);
                    sum -= target * (logits[image * CLASSES + c] - Math.log(exponentials));
                }
            }
            return sum / IMAGES;
        }

        private static double[] relu(double[] x) {
            double[] y = x.clone();
            for (int i = 0; i < y.length; i++) {
                y[i] = Math.max(y[i], 0);
            }
            return y;
        }

        private double[] normalised(String name, double[] x, int pixels) {
            double[] scale = weights.get(name + ".weight");
            double[] shift = weights.get(name + ".bias");
            double[] y = new double[x.length];
            double count = IMAGES * pixels;
            for (int channel = 0; channel < scale.length; channel++) {
                double sum = 0;
                double squares = 0;
                for (int i = 0; i < count; i++) {
                    sum += x[place(i, channel, scale.length, pixels)];
                }
                for (int i = 0; i < count; i++) {
                    squares += Math.pow(x[place(i, channel, scale.length, pixels)] - sum / count, 2);
                }
                for (int i = 0; i < count; i++) {
                    int at = place(i, channel, scale.length, pixels);
                    y[at] = (x[at] - sum / count) / Math.sqrt(squares / count + 1e-5) * scale[channel] + shift[channel];
                }
            }
            return y;
        }

        /** Of a pixel of all images. */
        private static int place(int pixel, int channel, int channels, int pixels) {
            return (pixel / pixels * channels + channel) * pixels + pixel % pixels;
        }

        private double[] in() {
            return outputs.get(node.inputs().get(0));
        }

        private Shape shapeIn() {
            return network.nodes().get(node.inputs().get(0)).shape();
        }

        private double[] out() {
            return new double[IMAGES * node.shape().size()];
        }

        @Override
        public double[] input(Layer.Input layer) {
            double[] images = out();
            kernels.images(batch, images);
            return images;
        }

        @Override
        public double[] convolution(Layer.Convolution layer) {
            double[] y = out();
            kernels.convolution(layer, shapeIn(), in(), weights.get(layer.name() + ".weight"), y);
            return y;
        }

        @Override
        public double[] depthwise(Layer.Depthwise layer) {
            double[] y = out();
            kernels.depthwise(layer, shapeIn(), in(), weights.get(layer.name() + ".weight"), y);
            return y;
        }

        @Override
        public double[] batchNorm(Layer.BatchNorm layer) {
            return normalised(layer.name(), in(), node.shape().pixels());
        }

        @Override
        public double[] relu(Layer.Relu layer) {
            return relu(in());
        }

        @Override
        public double[] relu6(Layer.Relu6 layer) {
            double[] y = out();
            kernels.relu6(shapeIn(), in(), y);
            return y;
        }

        @Override
        public double[] hardSigmoid(Layer.HardSigmoid layer) {
            double[] y = out();
            kernels.hardSigmoid(shapeIn(), in(), y);
            return y;
        }

        @Override
        public double[] channelScale(Layer.ChannelScale layer) {
            double[] y = out();
            kernels.scaleChannels(shapeIn(), in(), outputs.get(node.inputs().get(1)), y, false);
            return y;
        }

        @Override
        public double[] averagePool(Layer.AveragePool layer) {
            double[] y = out();
            kernels.averagePool(layer, shapeIn(), in(), y);
            return y;
        }

        @Override
        public double[] maxPool(Layer.MaxPool layer) {
            double[] y = out();
            kernels.maxPool(layer, shapeIn(), in(), y);
            return y;
        }

        @Override
        public double[] subsample(Layer.Subsample layer) {
            double[] y = out();
            kernels.subsample(layer, shapeIn(), in(), y);
            return y;
        }

        @Override
        public double[] sum(Layer.Sum layer) {
            double[] y = out();
            kernels.sum(node.shape(), node.inputs().stream().map(outputs::get).toList(), y);
            return y;
        }

        @Override
        public double[] concatenation(Layer.Concatenation layer) {
            double[] y = out();
            kernels.concatenate(
                    shapeIn(), node.inputs().stream().map(outputs::get).toList(), y);
            return y;
        }

        @Override
        public double[] globalAveragePool(Layer.GlobalAveragePool layer) {
            double[] y = out();
            kernels.globalAveragePool(shapeIn(), in(), y);
            return y;
        }

        @Override
        public double[] linear(Layer.Linear layer) {
            double[] y = out();
            kernels.linear(layer, in(), weights.get(layer.name() + ".weight"), weights.get(layer.name() + ".bias"), y);
            return y;
        }

        /** By finite differences. */
        double gradient(String name, int value) {
            double[] varied = weights.get(name);
            double at = varied[value];
            varied[value] = at + DIFFERENCE;
            double above = of();
            varied[value] = at - DIFFERENCE;
            double below = of();
            varied[value] = at;
            return (above - below) / (2 * DIFFERENCE);
        }
    }

    static Stream<Arguments> gradientsAreThoseOfTheDefinition() {
        return Stream.of(ENGINES)
                .flatMap(engine -> Stream.of(STACK, CELLS, BLOCKS).map(spec -> Arguments.of(engine, spec)));
    }

    /** The momenta after the first step are the gradients. */
    @ParameterizedTest
    @MethodSource
    void gradientsAreThoseOfTheDefinition(String engine, RetrainedNetworkSpec spec) {
        try (RetrainedNetwork network = network(engine, spec)) {
            network.train(batch(1, spec), STEP, LEARNING_RATE, PROGRESS);
            Map<String, Tensor> state = network.state();

            EXPECTED.computeIfAbsent(spec, RegularisationTest::expected).forEach((weight, expected) -> assertThat(
                            (double) state.get("momentum." + weight.name).values()[weight.value])
                    .as("%s", weight)
                    .isCloseTo(expected, within(2e-3 * (0.05 + Math.abs(expected)))));
        }
    }

    private record Value(String name, int value) {}

    private static final Map<RetrainedNetworkSpec, Map<Value, Double>> EXPECTED = new HashMap<>();

    /** Of a value of each third tensor, and of each of the head's. */
    private static Map<Value, Double> expected(RetrainedNetworkSpec spec) {
        Loss loss = new Loss(spec, spec.tensors().initial(SEED), batch(1, spec));
        Random random = new Random(4);
        Map<Value, Double> gradients = new HashMap<>();
        List<Weight> learned = spec.tensors().learned();
        for (int i = 0; i < learned.size(); i++) {
            Weight weight = learned.get(i);
            if (i % 3 == 0 || weight.name().startsWith(AuxiliaryHead.PREFIX)) {
                Value value = new Value(weight.name(), random.nextInt(weight.size()));
                gradients.put(value, loss.gradient(value.name, value.value));
            }
        }
        return gradients;
    }

    @ParameterizedTest
    @FieldSource("ENGINES")
    void theLossThatIsReportedIsThatOfTheClassifier(String engine) {
        try (RetrainedNetwork network = network(engine, STACK)) {
            Loss loss = new Loss(with(STACK, DROPPING), network.state(), batch(1));
            network.train(batch(1), STEP, LEARNING_RATE, PROGRESS);

            assertThat(network.trained().loss()).isCloseTo(loss.of(), within(1e-4));
        }
    }

    @ParameterizedTest
    @FieldSource("ENGINES")
    void nothingIsLeftOutInTheFirstEpoch(String engine) {
        try (RetrainedNetwork dropping = network(engine, CELLS);
                RetrainedNetwork plain = network(engine, with(CELLS, Regularisation.smoothing(SMOOTHING)))) {
            dropping.train(batch(1), STEP, LEARNING_RATE, 0);
            plain.train(batch(1), STEP, LEARNING_RATE, 0);
            assertSameBits(dropping, plain);

            dropping.train(batch(2), STEP + 1, LEARNING_RATE, PROGRESS);
            plain.train(batch(2), STEP + 1, LEARNING_RATE, PROGRESS);
            assertThat(bits(dropping)).isNotEqualTo(bits(plain));
        }
    }

    /** As a judged and an exported one is. */
    @ParameterizedTest
    @FieldSource("ENGINES")
    void whatIsTrainedIsANetworkWithoutTheHead(String engine) throws IOException {
        try (RetrainedNetwork network = network(engine, STACK);
                RetrainedNetwork plain = network(engine, with(STACK, Regularisation.NONE))) {
            network.train(batch(1), 0, LEARNING_RATE, 0);
            network.train(batch(2), 1, LEARNING_RATE, PROGRESS);
            assertThat(network.logits(batch(2), true)).hasSize(IMAGES * CLASSES);
            ByteArrayOutputStream model = new ByteArrayOutputStream();
            RetrainingStates.writeModel(network.state(), Map.of(), model);
            Map<String, Tensor> without = new HashMap<>(plain.state());

            Map<String, Tensor> tensors = Safetensors.read(model.toByteArray()).tensors();

            assertThat(network.state()).containsKey("auxiliary-head.classifier.weight");
            assertThat(without.keySet()).containsAll(tensors.keySet());
            without.putAll(tensors);
            plain.restore(without);
            assertThat(plain.logits(batch(3), false)).isEqualTo(network.logits(batch(3), false));
            assertThat(plain.evaluate(batch(3))).isEqualTo(network.evaluate(batch(3)));
        }
    }

    @ParameterizedTest
    @FieldSource("ENGINES")
    void goesOnFromAStateWithTheSameBits(String engine) {
        try (RetrainedNetwork whole = network(engine, STACK);
                RetrainedNetwork resumed = network(engine, STACK)) {
            for (int step = 0; step < 4; step++) {
                if (step == 2) {
                    whole.evaluate(batch(99));
                    resumed.restore(whole.state());
                }
                whole.train(batch(step), step, LEARNING_RATE, step / 4.0);
                if (step >= 2) {
                    resumed.train(batch(step), step, LEARNING_RATE, step / 4.0);
                }
            }

            assertSameBits(resumed, whole);
        }
    }

    @Test
    void bitsDoNotDependOnThreads() {
        RetrainedNetworkSpec spec = new RetrainedNetworkSpec(
                STACK.space(), STACK.architecture(), STACK.size(), STACK.optimizer(), BOTH, 0, 40, SEED);
        try (RetrainedNetwork one = RetrainingEngine.named("vector").create(spec, Resources.cpu(1));
                RetrainedNetwork several = RetrainingEngine.named("vector").create(spec, Resources.cpu(3))) {
            Batch few = batch(1);
            float[] pixels = new float[8 * few.images().length];
            int[] labels = new int[8 * IMAGES];
            for (int copy = 0; copy < 8; copy++) {
                System.arraycopy(few.images(), 0, pixels, copy * few.images().length, few.images().length);
                System.arraycopy(few.labels(), 0, labels, copy * IMAGES, IMAGES);
            }
            Batch many = new Batch(pixels, labels, few.shape());
            one.train(many, STEP, LEARNING_RATE, PROGRESS);
            several.train(many, STEP, LEARNING_RATE, PROGRESS);

            assertSameBits(several, one);
        }
    }

    private static Map<String, List<Float>> bits(RetrainedNetwork network) {
        Map<String, List<Float>> bits = new TreeMap<>();
        network.state().forEach((name, tensor) -> {
            List<Float> values = new ArrayList<>();
            for (float value : tensor.values()) {
                values.add(value);
            }
            bits.put(name, values);
        });
        return bits;
    }

    private static void assertSameBits(RetrainedNetwork network, RetrainedNetwork other) {
        Map<String, Tensor> expected = other.state();
        assertThat(network.state().keySet()).isEqualTo(expected.keySet());
        network.state().forEach((name, tensor) -> assertThat(tensor.values())
                .as(name)
                .isEqualTo(expected.get(name).values()));
    }
}
