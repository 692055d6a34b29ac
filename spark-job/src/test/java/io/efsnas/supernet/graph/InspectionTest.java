package io.efsnas.supernet.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.efsnas.data.Batch;
import io.efsnas.network.Initialisation;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.space.Architecture;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.supernet.Activity;
import io.efsnas.supernet.BlockMoments;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.LossGradients;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients and activity of networks, against finite differences, and the same over {@link ReferenceKernels}. */
class InspectionTest {

    private static final NasBench201Space SPACE = new NasBench201Space();
    private static final Shape IMAGE = new Shape(2, 8, 8);
    private static final ModelSize SIZE = new ModelSize(3, 1, IMAGE, 4);
    private static final int IMAGES = 3;
    private static final double STEP = 1e-5;

    private static final List<Architecture> ARCHITECTURES = Stream.of(
                    "|nor_conv_1x1~0|+|skip_connect~0|avg_pool_3x3~1|+|nor_conv_3x3~0|none~1|nor_conv_1x1~2|",
                    "|nor_conv_3x3~0|+|nor_conv_3x3~0|skip_connect~1|+|nor_conv_1x1~0|none~1|avg_pool_3x3~2|",
                    "|none~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|")
            .map(SPACE::parse)
            .toList();

    private static Batch batch(Shape image) {
        Random random = new Random(1);
        float[] pixels = new float[IMAGES * image.size()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        return new Batch(pixels, new int[] {2, 0, 1}, image);
    }

    /** A network that is small enough to change each of its weights by itself. */
    private static final class Small {
        private static final Shape IMAGE = new Shape(2, 4, 4);

        private final Kernels<double[]> kernels = ReferenceKernels.IMPLEMENTATION.kernels(IMAGES);
        private final Network network = network();
        private final SharedWeights<double[]> weights = new SharedWeights<>(network.weights(), kernels);
        private final Plan<double[]> plan = new Plan<>(network, weights, new HashMap<>());
        private final BufferPool<double[]> buffers = new BufferPool<>(kernels);
        private final double[] images = buffers.take(IMAGE);

        Small() {
            weights.initialise(5, Initialisation.UNIFORM_FAN_IN);
            kernels.images(batch(IMAGE), images);
        }

        private static Network network() {
            Network.Builder net = new Network.Builder(IMAGE);
            int start = net.endBlock(net.batchNorm(net.convolution(net.image(), "a", 3, 3, 1), "a.norm"));
            int active = net.relu(start);
            int first = net.batchNorm(net.convolution(active, "b", 3, 1, 1), "b.norm");
            int second = net.convolution(active, "c", 3, 3, 1);
            int sum = net.sum(List.of(start, first, second, net.averagePool(start, 3, 1, 1)));
            int last = net.endBlock(net.relu(net.batchNorm(net.convolution(sum, "d", 4, 3, 2), "d.norm")));
            net.linear(net.globalAveragePool(last), "e", 3);
            return net.build();
        }

        Inspection<double[]> inspection() {
            return new Inspection<>(network, plan, kernels, weights, buffers, batch(IMAGE));
        }

        /** The logits, as {@code [image][class]}. */
        double[] logits() {
            Forward<double[]> forward = new Forward<>(kernels, buffers);
            forward.runKeeping(plan, images);
            double[] logits = forward.output(network.nodes().size() - 1).clone();
            forward.releaseAll();
            return logits;
        }

        double loss() {
            return new Forward<>(kernels, buffers)
                    .runReleasing(plan, images)
                    .get()
                    .loss();
        }

        /** How something changes with each of some values. */
        double[] differences(double[] values, ToDoubleFunction<Small> something) {
            double[] differences = new double[values.length];
            for (int i = 0; i < values.length; i++) {
                double value = values[i];
                values[i] = value + STEP;
                double above = something.applyAsDouble(this);
                values[i] = value - STEP;
                double below = something.applyAsDouble(this);
                values[i] = value;
                differences[i] = (above - below) / (2 * STEP);
            }
            return differences;
        }
    }

    @Test
    void gradientsOfTheLossAreFiniteDifferences() {
        Small small = new Small();

        LossGradients gradients = small.inspection().lossGradients(small.images);

        assertThat(gradients.loss()).isCloseTo(small.loss(), within(1e-12));
        assertThat(gradients.ofWeights().keySet()).containsExactlyElementsOf(small.network.weights());
        gradients
                .ofWeights()
                .forEach((weight, values) -> assertClose(
                        values, small.differences(small.weights.trained(weight).values(), Small::loss)));
    }

    @Test
    void gradientsOfImagesAreFiniteDifferences() {
        Small small = new Small();

        float[] gradients = small.inspection().imageGradients(small.images);

        assertClose(gradients, small.differences(small.images, any -> Arrays.stream(any.logits())
                .sum()));
    }

    @Test
    void tangentKernelIsOfFiniteDifferences() {
        Small small = new Small();

        double[][] kernel = small.inspection().tangentKernel(small.images);

        double[][] expected = new double[IMAGES][IMAGES];
        for (Weight weight : small.network.weights()) {
            if (weight.shape().size() > 1) {
                double[][] gradients = new double[IMAGES][];
                for (int image = 0; image < IMAGES; image++) {
                    int from = 3 * image;
                    gradients[image] = small.differences(
                            small.weights.trained(weight).values(),
                            any -> Arrays.stream(any.logits(), from, from + 3).sum());
                }
                for (int a = 0; a < IMAGES; a++) {
                    for (int b = 0; b < IMAGES; b++) {
                        for (int i = 0; i < weight.size(); i++) {
                            expected[a][b] += gradients[a][i] * gradients[b][i];
                        }
                    }
                }
            }
        }
        for (int image = 0; image < IMAGES; image++) {
            assertArrayEquals(expected[image], kernel[image], 1e-5);
        }
    }

    @Test
    void activityIsOfValuesAboveZero() {
        Small small = new Small();

        List<Activity> activity = small.inspection().activity(small.images);

        Forward<double[]> forward = new Forward<>(small.kernels, small.buffers);
        forward.runKeeping(small.plan, small.images);
        assertThat(activity).extracting(Activity::uses).containsExactly(2, 1); // two convolutions take the first
        assertThat(activity).extracting(Activity::units).containsExactly(48, 16);
        double[] first = forward.output(2); // normalised, before the ReLU
        for (int i = 0; i < first.length; i++) {
            assertThat(activity.get(0).ofImages().get(i / 48).get(i % 48)).isEqualTo(first[i] > 0);
        }
    }

    /** The reference sorts the distances of all pairs. */
    @Test
    void neighboursAreTheNearestImages() {
        Small small = new Small();

        List<double[][]> distances = small.inspection().neighbourDistances(small.images, 1);

        Forward<double[]> forward = new Forward<>(small.kernels, small.buffers);
        forward.runKeeping(small.plan, small.images);
        assertThat(distances).hasSize(2);
        for (int block = 0; block < 2; block++) {
            double[] output = forward.output(small.network.blocks().get(block));
            for (int image = 0; image < IMAGES; image++) {
                int self = image;
                double nearest = IntStream.range(0, IMAGES)
                        .filter(other -> other != self)
                        .mapToDouble(other -> distance(output, self, other))
                        .min()
                        .orElseThrow();
                assertThat(distances.get(block)[image]).hasSize(1);
                assertThat(distances.get(block)[image][0]).isCloseTo(nearest, within(1e-5));
            }
        }
    }

    private static double distance(double[] values, int a, int b) {
        int size = values.length / IMAGES;
        return Math.sqrt(IntStream.range(0, size)
                .mapToDouble(i -> Math.pow(values[a * size + i] - values[b * size + i], 2))
                .sum());
    }

    static Stream<Arguments> cases() {
        return Implementations.ALL.stream()
                .flatMap(implementation -> ARCHITECTURES.stream().map(any -> Arguments.of(implementation, any)));
    }

    private static <B> Supernet supernet(Implementation<B> implementation) {
        SupernetSpec spec = new SupernetSpec(SPACE, SIZE, new Optimizer(0.9f, 0, 0), IMAGES + 1, 3);
        return new GraphSupernet<>(spec, implementation.kernels(IMAGES + 1));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everythingIsTheReference(Implementation<?> implementation, Architecture architecture) {
        Batch batch = batch(IMAGE);
        try (Supernet reference = supernet(ReferenceKernels.IMPLEMENTATION);
                Supernet supernet = supernet(implementation)) {
            LossGradients expected = reference.lossGradients(batch, architecture);
            LossGradients actual = supernet.lossGradients(batch, architecture);
            assertThat(actual.loss()).isCloseTo(expected.loss(), within(1e-5));
            assertThat(actual.ofWeights().keySet())
                    .containsExactlyElementsOf(expected.ofWeights().keySet());
            actual.ofWeights()
                    .forEach((weight, values) ->
                            assertClose(values, doubles(expected.ofWeights().get(weight))));
            assertClose(
                    supernet.imageGradients(batch, architecture),
                    doubles(reference.imageGradients(batch, architecture)));
            double[][] kernel = supernet.tangentKernel(batch, architecture);
            double[][] expectedKernel = reference.tangentKernel(batch, architecture);
            for (int image = 0; image < IMAGES; image++) {
                double precision = 1e-4 * expectedKernel[image][image];
                assertArrayEquals(expectedKernel[image], kernel[image], precision);
            }
            assertThat(supernet.activity(batch, architecture)).isEqualTo(reference.activity(batch, architecture));
            List<double[][]> distances = supernet.neighbourDistances(batch, architecture, 2);
            List<double[][]> expectedDistances = reference.neighbourDistances(batch, architecture, 2);
            assertThat(distances).hasSameSizeAs(expectedDistances);
            for (int block = 0; block < distances.size(); block++) {
                for (int image = 0; image < IMAGES; image++) {
                    assertArrayEquals(
                            expectedDistances.get(block)[image], distances.get(block)[image], 1e-4);
                }
            }
        }
    }

    /** So that measures of one task do not depend on which others there are. */
    @ParameterizedTest
    @MethodSource("cases")
    void nothingChangesByLooking(Implementation<?> implementation, Architecture architecture) {
        Batch batch = batch(IMAGE);
        try (Supernet supernet = supernet(implementation)) {
            Evaluation score = supernet.score(batch, List.of(architecture)).get(0);
            List<BlockMoments> blocks = supernet.blocks(batch, architecture);
            LossGradients gradients = supernet.lossGradients(batch, architecture);
            supernet.imageGradients(batch, architecture);
            supernet.tangentKernel(batch, ARCHITECTURES.get(0));
            supernet.activity(batch, architecture);
            supernet.neighbourDistances(batch, architecture, 1);

            LossGradients again = supernet.lossGradients(batch, architecture);

            assertThat(again.loss()).isEqualTo(gradients.loss());
            again.ofWeights().forEach((weight, values) -> assertThat(values)
                    .isEqualTo(gradients.ofWeights().get(weight)));
            assertThat(supernet.score(batch, List.of(architecture)).get(0)).isEqualTo(score);
            List<BlockMoments> same = supernet.blocks(batch, architecture);
            for (int block = 0; block < blocks.size(); block++) {
                assertThat(same.get(block).products())
                        .isEqualTo(blocks.get(block).products());
            }
        }
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }

    private static void assertClose(float[] actual, double[] expected) {
        double largest = 1e-2;
        for (double value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertArrayEquals(expected, doubles(actual), 1e-4 * largest);
    }
}
