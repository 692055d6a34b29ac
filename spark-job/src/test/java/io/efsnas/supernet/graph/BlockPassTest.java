package io.efsnas.supernet.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.efsnas.data.Batch;
import io.efsnas.network.Initialisation;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.network.Shape;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.mobilenet.MobileNetSpace;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.supernet.BlockMoments;
import io.efsnas.supernet.BlockMoments.Back;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks taken apart, against plain sums, finite differences, and the same over {@link ReferenceKernels}. */
class BlockPassTest {

    private static final NasBench201Space SPACE = new NasBench201Space();
    private static final Shape IMAGE = new Shape(2, 8, 8);
    private static final ModelSize SIZE = new ModelSize(3, 1, IMAGE, 4);
    private static final int IMAGES = 3;

    private static final List<Architecture> ARCHITECTURES = Stream.of(
                    "|nor_conv_1x1~0|+|skip_connect~0|avg_pool_3x3~1|+|nor_conv_3x3~0|none~1|nor_conv_1x1~2|",
                    "|avg_pool_3x3~0|+|nor_conv_3x3~0|skip_connect~1|+|none~0|nor_conv_1x1~1|avg_pool_3x3~2|",
                    "|none~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|",
                    "|skip_connect~0|+|none~0|none~1|+|skip_connect~0|skip_connect~1|none~2|")
            .map(SPACE::parse)
            .toList();

    private static SupernetSpec spec() {
        return new SupernetSpec(SPACE, SIZE, new Optimizer(0.9f, 0, 0), IMAGES, 3);
    }

    private static Batch batch() {
        return batch(IMAGE);
    }

    private static Batch batch(Shape image) {
        Random random = new Random(1);
        float[] pixels = new float[IMAGES * image.size()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        return new Batch(pixels, new int[IMAGES], image);
    }

    static Stream<Arguments> cases() {
        return Implementations.ALL.stream()
                .flatMap(implementation -> ARCHITECTURES.stream().map(any -> Arguments.of(implementation, any)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void momentsAreTheReference(Implementation<?> implementation, Architecture architecture) {
        try (Supernet reference = supernet(ReferenceKernels.IMPLEMENTATION);
                Supernet supernet = supernet(implementation)) {
            List<BlockMoments> expected = reference.blocks(batch(), architecture);
            Evaluation score = supernet.score(batch(), List.of(architecture)).get(0);
            List<BlockMoments> actual = supernet.blocks(batch(), architecture);
            assertThat(actual).hasSize(6); // the stem, three cells and two reductions
            for (int block = 0; block < expected.size(); block++) {
                assertClose(actual.get(block).sums(), expected.get(block).sums());
                assertClose(actual.get(block).products(), expected.get(block).products());
                if (block > 0) {
                    Back back = actual.get(block).back().orElseThrow();
                    Back wanted = expected.get(block).back().orElseThrow();
                    assertThat(back.identity()).isEqualTo(wanted.identity());
                    assertClose(back.products(), wanted.products());
                }
            }
            // Nothing has changed by it, and a second look sees the same.
            assertThat(supernet.score(batch(), List.of(architecture)).get(0)).isEqualTo(score);
            supernet.rest();
            assertThat(supernet.blocks(batch(), architecture).get(5).products())
                    .isEqualTo(actual.get(5).products());
        }
    }

    private static <B> Supernet supernet(Implementation<B> implementation) {
        return new GraphSupernet<>(spec(), implementation.kernels(IMAGES));
    }

    private static void assertClose(float[] actual, float[] expected) {
        float largest = 1; // sums of many numbers of that size are 0 but for rounding
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertArrayEquals(expected, actual, 1e-4f * largest);
    }

    /** One network over the reference's kernels, whose buffers a test can read. */
    private static final class Reference {
        private final Kernels<double[]> kernels = ReferenceKernels.IMPLEMENTATION.kernels(IMAGES);
        private final SharedWeights<double[]> weights;
        private final BufferPool<double[]> buffers = new BufferPool<>(kernels);
        private final Network network;
        private final Plan<double[]> plan;

        Reference(Network network) {
            this.network = network;
            this.weights = new SharedWeights<>(network.weights(), kernels);
            weights.initialise(3, Initialisation.UNIFORM_FAN_IN);
            plan = new Plan<>(network, weights, new HashMap<>());
        }

        BlockPass<double[]> pass(long seed) {
            return new BlockPass<>(kernels, buffers, new Products<>(kernels), seed, IMAGES);
        }

        Forward<double[]> forward(double[] images) {
            Forward<double[]> forward = new Forward<>(kernels, buffers);
            forward.runKeeping(plan, images);
            return forward;
        }

        double[] images() {
            double[] images = kernels.featureMaps(network.image());
            kernels.images(batch(network.image()), images);
            return images;
        }

        Shape shape(int node) {
            return network.nodes().get(node).shape();
        }
    }

    @Test
    void productsAreSumsOverPixels() {
        Reference reference = new Reference(SPACE.network(ARCHITECTURES.get(0), SIZE));
        double[] images = reference.images();
        BlockPass<double[]> pass = reference.pass(7);

        List<BlockMoments> moments = pass.of(reference.network, reference.plan, images);

        Forward<double[]> forward = reference.forward(images);
        for (int block = 0; block < moments.size(); block++) {
            int end = reference.network.blocks().get(block);
            Shape shape = reference.shape(end);
            double[] output = forward.output(end);
            assertThat(moments.get(block).positions()).isEqualTo((long) IMAGES * shape.pixels());
            for (int a = 0; a < shape.channels(); a++) {
                double sum = 0;
                double product = 0;
                for (int image = 0; image < IMAGES; image++) {
                    for (int pixel = 0; pixel < shape.pixels(); pixel++) {
                        double value = output[(image * shape.channels() + a) * shape.pixels() + pixel];
                        sum += value;
                        product += value * output[image * shape.channels() * shape.pixels() + pixel];
                    }
                }
                assertThat(moments.get(block).sums()[a]).isCloseTo((float) sum, within(1e-3f));
                assertThat(moments.get(block).products()[a * shape.channels()])
                        .isCloseTo((float) product, within(1e-2f));
            }
        }
    }

    /** Through a block with all kinds of layers, and one behind it that halves the resolution. */
    @Test
    void gradientsThroughBlocksAreFiniteDifferences() {
        Network.Builder net = new Network.Builder(IMAGE);
        int start = net.endBlock(net.averagePool(net.image(), 1, 1, 0));
        int rectified = net.relu(start);
        int first = net.batchNorm(net.convolution(rectified, "first", 2, 3, 1), "first.norm");
        int block = net.endBlock(net.sum(List.of(start, first, net.averagePool(first, 3, 1, 1), start)));
        int halved = net.endBlock(net.batchNorm(net.convolution(net.relu(block), "halving", 3, 3, 2), "halving.norm"));
        net.linear(net.globalAveragePool(halved), "classifier", 4);
        Reference reference = new Reference(net.build());
        Random random = new Random(1);
        for (int end : List.of(block, halved)) {
            double[] gradient = random.doubles(
                            (long) IMAGES * reference.shape(end).size(), -1, 1)
                    .toArray();
            Forward<double[]> forward = reference.forward(reference.images());
            double[] arrived = new Backward<>(forward, reference.kernels, reference.buffers)
                    .runThrough(start, end, gradient.clone())
                    .clone();

            for (int tries = 0; tries < 20; tries++) {
                int place = random.nextInt(IMAGES * IMAGE.size());
                double expected =
                        (value(reference, end, place, 1e-5, gradient) - value(reference, end, place, -1e-5, gradient))
                                / 2e-5;
                assertThat(arrived[place]).isCloseTo(expected, within(1e-4));
            }
        }
    }

    /** The sum of a node's output by a gradient, where one value of the image, and so of the first block, has moved. */
    private static double value(Reference reference, int end, int place, double by, double[] gradient) {
        double[] images = reference.images();
        images[place] += by;
        double[] output = reference.forward(images).output(end);
        double sum = 0;
        for (int i = 0; i < gradient.length; i++) {
            sum += gradient[i] * output[i];
        }
        return sum;
    }

    /** The products are those of the gradient that went in with the one that arrived, pixel by pixel. */
    @Test
    void productsBackAreOfTheGradients() {
        assertProductsBack(new Reference(SPACE.network(ARCHITECTURES.get(1), SIZE)));
    }

    /** A first block that changes the channels alone, and one from 7 pixels to 4. */
    @Test
    void productsBackOfOddSidesAreOfTheGradients() {
        SearchSpace odd = new MobileNetSpace().with(Map.of("stem-stride", 1));
        ModelSize size = new ModelSize(6, 1, new Shape(3, 7, 7), 4);
        assertProductsBack(new Reference(odd.network(odd.covering().get(2), size)));
    }

    private static void assertProductsBack(Reference reference) {
        double[] images = reference.images();
        BlockPass<double[]> pass = reference.pass(7);
        List<BlockMoments> moments = pass.of(reference.network, reference.plan, images);
        for (int block = 1; block <= 2; block++) {
            int start = reference.network.blocks().get(block - 1);
            int end = reference.network.blocks().get(block);
            Shape in = reference.shape(start);
            Shape out = reference.shape(end);
            double[] signs = new double[IMAGES * out.size()];
            float[] drawn = BlockPass.signs(7, block, signs.length);
            for (int i = 0; i < signs.length; i++) {
                signs[i] = drawn[i];
                assertThat(Math.abs(drawn[i])).isEqualTo(1);
            }
            Forward<double[]> forward = reference.forward(images);
            double[] arrived =
                    new Backward<>(forward, reference.kernels, reference.buffers).runThrough(start, end, signs);
            Back back = moments.get(block).back().orElseThrow();
            int scale = in.height() == out.height() ? 1 : 2;
            assertThat(back.rows()).isEqualTo(out.channels());
            assertThat(back.columns()).isEqualTo(scale * scale * in.channels());
            for (int row = 0; row < back.rows(); row++) {
                for (int column = 0; column < back.columns(); column++) {
                    double sum = 0;
                    for (int image = 0; image < IMAGES; image++) {
                        for (int y = 0; y < out.height(); y++) {
                            for (int x = 0; x < out.width(); x++) {
                                int channel = column / (scale * scale);
                                int iny = y * scale + column % (scale * scale) / scale;
                                int inx = x * scale + column % scale;
                                if (iny >= in.height() || inx >= in.width()) {
                                    continue;
                                }
                                sum += signs[((image * out.channels() + row) * out.height() + y) * out.width() + x]
                                        * arrived[
                                                ((image * in.channels() + channel) * in.height() + iny) * in.width()
                                                        + inx];
                            }
                        }
                    }
                    assertThat(back.products()[row * back.columns() + column]).isCloseTo((float) sum, within(1e-3f));
                }
            }
        }
    }
}
