package io.efsnas.supernet.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.data.Batch;
import io.efsnas.network.Layer;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.Precision;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.supernet.graph.Kernels.Trained;
import io.efsnas.supernet.torch.TorchImplementation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kernel of every implementation against {@link ReferenceKernels}. */
final class KernelsTest {

    private static final int LARGEST_BATCH = 64;
    /** Of the largest value, by float32. */
    private static final float ROUNDED_AWAY = 1e-5f;
    /** Of the largest value, by bfloat16, whose numbers are 2^-8 apart. */
    private static final float ROUNDED_AWAY_BY_BFLOAT16 = 0.02f;

    static Stream<Arguments> implementations() {
        return Implementations.ALL.stream().map(Arguments::of);
    }

    /** Feature maps that cover one channel to many, odd and even sizes, and batches that fill a buffer or do not. */
    private record Maps(Shape shape, int images) {}

    private static final List<Maps> MAPS = List.of(
            new Maps(new Shape(1, 7, 7), 5),
            new Maps(new Shape(3, 4, 4), 16),
            new Maps(new Shape(5, 8, 8), 64),
            new Maps(new Shape(8, 28, 28), 5),
            new Maps(new Shape(16, 32, 32), 16),
            new Maps(new Shape(20, 8, 8), 1));

    static Stream<Arguments> maps() {
        return withEach(MAPS);
    }

    private record Convolve(Layer.Convolution layer, Shape in, int images) {}

    static Stream<Arguments> convolutions() {
        return withEach(convolves());
    }

    private static List<Convolve> convolves() {
        return Stream.of(new int[][] {
                    // inputs, outputs, kernel, stride, side, images
                    {1, 1, 3, 1, 4, 1},
                    {3, 16, 3, 1, 32, 16},
                    {3, 5, 3, 1, 28, 5},
                    {5, 5, 3, 1, 7, 64},
                    {8, 8, 3, 1, 32, 5},
                    {16, 16, 3, 1, 8, 64},
                    {20, 20, 3, 1, 8, 16},
                    {16, 20, 3, 1, 7, 5},
                    {32, 17, 3, 1, 28, 5},
                    {64, 64, 3, 1, 8, 64},
                    {16, 40, 3, 1, 5, 17},
                    {48, 16, 3, 1, 1, 5},
                    {1, 8, 3, 2, 28, 5},
                    {5, 10, 3, 2, 8, 64},
                    {8, 16, 3, 2, 7, 16},
                    {8, 16, 3, 2, 1, 16},
                    {8, 8, 3, 1, 1, 16},
                    {1, 3, 1, 1, 7, 5},
                    {5, 5, 1, 1, 28, 16},
                    {16, 16, 1, 1, 32, 5},
                    {20, 8, 1, 1, 4, 64},
                    {3, 5, 1, 2, 7, 16},
                    {16, 20, 1, 2, 8, 1},
                    {40, 240, 1, 1, 4, 16},
                    {96, 30, 1, 1, 1, 64},
                    {80, 320, 1, 1, 2, 5}
                })
                .map(of -> new Convolve(
                        new Layer.Convolution("conv", of[0], of[1], of[2], of[3]),
                        new Shape(of[0], of[4], of[4]),
                        of[5]))
                .toList();
    }

    private record Filter(Layer.Depthwise layer, Shape in, int images) {}

    static Stream<Arguments> depthwise() {
        return withEach(filters());
    }

    private static List<Filter> filters() {
        return Stream.of(new int[][] {
                    // channels, kernel, stride, dilation, side, images
                    {1, 3, 1, 1, 4, 1},
                    {3, 3, 1, 1, 7, 16},
                    {16, 3, 1, 1, 32, 5},
                    {20, 3, 1, 1, 8, 64},
                    {5, 5, 1, 1, 8, 64},
                    {17, 5, 1, 1, 28, 5},
                    {8, 7, 1, 1, 28, 16},
                    {33, 7, 1, 1, 4, 5},
                    {6, 7, 1, 1, 1, 64},
                    {3, 7, 1, 1, 2, 1},
                    {4, 9, 1, 1, 8, 5},
                    {8, 3, 2, 1, 8, 64},
                    {20, 3, 2, 1, 7, 16},
                    {5, 5, 2, 1, 28, 5},
                    {16, 5, 2, 1, 7, 1},
                    {17, 7, 2, 1, 8, 16},
                    {3, 7, 2, 1, 1, 5},
                    {72, 5, 2, 1, 1, 32},
                    {8, 3, 2, 1, 1, 16},
                    {8, 3, 2, 1, 2, 16},
                    {8, 5, 2, 1, 2, 16},
                    {8, 7, 2, 1, 2, 16},
                    {8, 7, 2, 1, 3, 16},
                    {8, 7, 2, 1, 4, 16},
                    {8, 5, 2, 1, 3, 16},
                    {40, 7, 2, 1, 7, 5},
                    {12, 3, 2, 1, 7, 32},
                    {24, 3, 1, 1, 4, 32},
                    {12, 3, 1, 1, 2, 64},
                    {5, 3, 1, 2, 8, 64},
                    {17, 3, 1, 2, 7, 5},
                    {20, 5, 1, 2, 28, 16},
                    {8, 5, 1, 2, 4, 5},
                    {3, 5, 1, 2, 1, 5},
                    {20, 3, 2, 2, 8, 64},
                    {5, 3, 2, 2, 7, 5},
                    {16, 5, 2, 2, 32, 5},
                    {8, 5, 2, 2, 4, 16},
                    {8, 5, 2, 3, 9, 16},
                    {8, 3, 3, 2, 10, 5},
                    {4, 7, 1, 3, 11, 16}
                })
                .map(of -> new Filter(
                        new Layer.Depthwise("filter", of[0], of[1], of[2], of[3]),
                        new Shape(of[0], of[4], of[4]),
                        of[5]))
                .toList();
    }

    private record Pool(Layer.AveragePool layer, Maps in) {}

    static Stream<Arguments> pools() {
        return withEach(Stream.of(
                        new Layer.AveragePool(3, 1, 1), new Layer.AveragePool(2, 2, 0), new Layer.AveragePool(3, 2, 1))
                .flatMap(layer -> MAPS.stream().map(maps -> new Pool(layer, maps)))
                .toList());
    }

    private static Stream<Arguments> withEach(Collection<?> cases) {
        return cases.stream().flatMap(each -> Implementations.ALL.stream()
                .map(implementation -> Arguments.of(implementation, each)));
    }

    /** One implementation with random inputs, the same ones for all implementations. */
    private static final class Run<B> {
        private final Kernels<B> kernels;
        private final int images;
        private final SplittableRandom random = new SplittableRandom(7);
        private final List<float[]> results = new ArrayList<>();

        Run(Implementation<B> implementation, int images) {
            this.kernels = implementation.kernels(LARGEST_BATCH);
            this.images = images;
        }

        /** Random feature maps in a buffer that has been full before. */
        B maps(Shape shape) {
            B buffer = kernels.featureMaps(shape);
            float[] earlier = new float[LARGEST_BATCH * shape.size()];
            Arrays.fill(earlier, 9);
            kernels.images(new Batch(earlier, labels(LARGEST_BATCH), shape), buffer);
            kernels.images(new Batch(randoms(images * shape.size()), labels(images), shape), buffer);
            return buffer;
        }

        B weight(Weight weight) {
            B buffer = kernels.weight(weight);
            kernels.write(weight, randoms(weight.size()), buffer);
            return buffer;
        }

        /** Around 0.5, so that sums over many are not near zero and a mean is never there to be forgotten. */
        private float[] randoms(int count) {
            float[] values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = (float) (random.nextGaussian() + 0.5);
            }
            return values;
        }

        void result(Shape shape, B maps) {
            float[] values = new float[images * shape.size()];
            kernels.read(shape, maps, values);
            results.add(values);
        }

        void result(Weight weight, B buffer) {
            float[] values = new float[weight.size()];
            kernels.read(weight, buffer, values);
            results.add(values);
        }

        List<float[]> results() {
            kernels.close();
            return results;
        }
    }

    /** What was computed last by the reference, which is slow, for one implementation after the other. */
    private record Computed(String kernel, Object of, List<float[]> results) {}

    private static Computed computed = new Computed("", "", List.of());

    private static List<float[]> reference(
            String kernel, Object of, Function<Implementation<?>, List<float[]>> computation) {
        if (!computed.kernel().equals(kernel) || !computed.of().equals(of)) {
            computed = new Computed(kernel, of, computation.apply(ReferenceKernels.IMPLEMENTATION));
        }
        return computed.results();
    }

    /**
     * @param kernel the name of the computation
     * @param of its case
     */
    private static void assertSameAsReference(
            String kernel,
            Object of,
            Implementation<?> implementation,
            Function<Implementation<?>, List<float[]>> computation) {
        assertClose(computation.apply(implementation), reference(kernel, of, computation), ROUNDED_AWAY);
    }

    /** @param error the largest error, measured by the largest value */
    private static void assertClose(List<float[]> actual, List<float[]> expected, float error) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertClose(actual.get(i), expected.get(i), error, "result " + i);
        }
    }

    private static void assertClose(float[] actual, float[] expected, float error, String description) {
        assertThat(actual).as(description).hasSameSizeAs(expected);
        float largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
            if (!(Math.abs(actual[i] - expected[i]) <= error * largest)) {
                assertThat(actual[i]).as(description + " at " + i).isCloseTo(expected[i], within(error * largest));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("convolutions")
    void convolution(Implementation<?> implementation, Convolve convolve) {
        assertSameAsReference("convolution", convolve, implementation, any -> runConvolution(any, convolve));
    }

    private static <B> List<float[]> runConvolution(Implementation<B> implementation, Convolve convolve) {
        Run<B> run = new Run<>(implementation, convolve.images());
        Layer.Convolution layer = convolve.layer();
        Shape out = layer.output(List.of(convolve.in()));
        B y = run.maps(out);
        B x = run.maps(convolve.in());
        run.kernels.convolution(
                layer, convolve.in(), x, run.weight(layer.weights().get(0)), y);
        run.result(out, y);
        return run.results();
    }

    @ParameterizedTest
    @MethodSource("convolutions")
    void convolutionGradient(Implementation<?> implementation, Convolve convolve) {
        assertSameAsReference(
                "convolutionGradient", convolve, implementation, any -> runConvolutionGradient(any, convolve));
    }

    private static <B> List<float[]> runConvolutionGradient(Implementation<B> implementation, Convolve convolve) {
        Run<B> run = new Run<>(implementation, convolve.images());
        Layer.Convolution layer = convolve.layer();
        Weight weight = layer.weights().get(0);
        B w = run.weight(weight);
        B dw = run.weight(weight);
        B x = run.maps(convolve.in());
        B dx = run.maps(convolve.in());
        B dy = run.maps(layer.output(List.of(convolve.in())));
        run.kernels.convolutionGradient(layer, convolve.in(), x, w, dy, dw, dx, false);
        run.result(convolve.in(), dx);
        run.result(weight, dw);
        run.kernels.convolutionGradient(layer, convolve.in(), x, w, dy, dw, dx, true);
        run.result(convolve.in(), dx);
        run.result(weight, dw);
        run.kernels.convolutionGradient(layer, convolve.in(), x, w, dy, dw, null, false);
        run.result(weight, dw);
        return run.results();
    }

    @ParameterizedTest
    @MethodSource
    void depthwise(Implementation<?> implementation, Filter filter) {
        assertSameAsReference("depthwise", filter, implementation, any -> runDepthwise(any, filter));
    }

    private static <B> List<float[]> runDepthwise(Implementation<B> implementation, Filter filter) {
        Run<B> run = new Run<>(implementation, filter.images());
        Layer.Depthwise layer = filter.layer();
        Shape out = layer.output(filter.in());
        Weight weight = layer.weights().get(0);
        B w = run.weight(weight);
        B dw = run.weight(weight);
        B x = run.maps(filter.in());
        B y = run.maps(out);
        B dx = run.maps(filter.in());
        B dy = run.maps(out);
        run.kernels.depthwise(layer, filter.in(), x, w, y);
        run.result(out, y);
        run.kernels.depthwiseGradient(layer, filter.in(), x, w, dy, dw, dx, false);
        run.result(filter.in(), dx);
        run.result(weight, dw);
        run.kernels.depthwiseGradient(layer, filter.in(), x, w, dy, dw, dx, true);
        run.result(filter.in(), dx);
        run.result(weight, dw);
        run.kernels.depthwiseGradient(layer, filter.in(), x, w, dy, null, dx, true);
        run.result(filter.in(), dx);
        run.kernels.depthwiseGradient(layer, filter.in(), x, w, dy, dw, null, false);
        run.result(weight, dw);
        return run.results();
    }

    @ParameterizedTest
    @MethodSource("convolves")
    void convolutionInBfloat16(Convolve convolve) {
        assertBfloat16CloseToFloat32(any -> runConvolutionGradient(any, convolve));
    }

    @ParameterizedTest
    @MethodSource("filters")
    void depthwiseInBfloat16(Filter filter) {
        assertBfloat16CloseToFloat32(any -> runDepthwise(any, filter));
    }

    @ParameterizedTest
    @FieldSource("MAPS")
    void affineBatchNormInBfloat16(Maps maps) {
        assertBfloat16CloseToFloat32(any -> runAffineBatchNorm(any, maps));
    }

    private static void assertBfloat16CloseToFloat32(Function<Implementation<?>, List<float[]>> computation) {
        assertClose(
                computation.apply(new TorchImplementation(Precision.BFLOAT16)),
                computation.apply(new TorchImplementation(Precision.FLOAT32)),
                ROUNDED_AWAY_BY_BFLOAT16);
    }

    @ParameterizedTest
    @MethodSource("maps")
    void batchNorm(Implementation<?> implementation, Maps maps) {
        assertSameAsReference("batchNorm", maps, implementation, any -> runBatchNorm(any, maps));
    }

    private static <B> List<float[]> runBatchNorm(Implementation<B> implementation, Maps maps) {
        Run<B> run = new Run<>(implementation, maps.images());
        Shape shape = maps.shape();
        B x = run.maps(shape);
        B y = run.maps(shape);
        B dy = run.maps(shape);
        B dx = run.maps(shape);
        B inverseDeviation = run.kernels.channelValues(shape.channels());
        run.kernels.batchNorm(shape, x, y, inverseDeviation);
        run.result(shape, y);
        run.kernels.batchNormGradient(shape, y, inverseDeviation, dy, dx, false);
        run.result(shape, dx);
        run.kernels.batchNormGradient(shape, y, inverseDeviation, dy, dx, true);
        run.result(shape, dx);
        run.kernels.batchNorm(shape, x, x, inverseDeviation);
        run.result(shape, x);
        return run.results();
    }

    @ParameterizedTest
    @MethodSource("maps")
    void moments(Implementation<?> implementation, Maps maps) {
        assertSameAsReference("moments", maps, implementation, any -> runMoments(any, maps));
    }

    private static <B> List<float[]> runMoments(Implementation<B> implementation, Maps maps) {
        Run<B> run = new Run<>(implementation, maps.images());
        Shape shape = maps.shape();
        double[] mean = new double[shape.channels()];
        double[] variance = new double[shape.channels()];
        run.kernels.moments(shape, run.maps(shape), mean, variance);
        run.results.add(floats(mean));
        run.results.add(floats(variance));
        return run.results();
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    @ParameterizedTest
    @MethodSource("maps")
    void fixedBatchNorm(Implementation<?> implementation, Maps maps) {
        assertSameAsReference("fixedBatchNorm", maps, implementation, any -> runFixedBatchNorm(any, maps));
    }

    private static <B> List<float[]> runFixedBatchNorm(Implementation<B> implementation, Maps maps) {
        Run<B> run = new Run<>(implementation, maps.images());
        Shape shape = maps.shape();
        B x = run.maps(shape);
        B y = run.maps(shape);
        double[] mean = new double[shape.channels()];
        double[] variance = new double[shape.channels()];
        for (int channel = 0; channel < shape.channels(); channel++) {
            mean[channel] = run.random.nextGaussian();
            variance[channel] = run.random.nextDouble() + 0.1;
        }
        run.kernels.fixedBatchNorm(shape, x, mean, variance, y);
        run.result(shape, y);
        run.kernels.fixedBatchNorm(shape, x, mean, variance, x);
        run.result(shape, x);
        return run.results();
    }

    @ParameterizedTest
    @MethodSource("maps")
    void affineBatchNorm(Implementation<?> implementation, Maps maps) {
        assertSameAsReference("affineBatchNorm", maps, implementation, any -> runAffineBatchNorm(any, maps));
    }

    private static <B> List<float[]> runAffineBatchNorm(Implementation<B> implementation, Maps maps) {
        Run<B> run = new Run<>(implementation, maps.images());
        Shape shape = maps.shape();
        Layer.BatchNorm norm = new Layer.BatchNorm("norm", shape.channels());
        B scale = run.weight(norm.scale());
        B shift = run.weight(norm.shift());
        B dscale = run.weight(norm.scale());
        B dshift = run.weight(norm.shift());
        B x = run.maps(shape);
        B y = run.maps(shape);
        B dy = run.maps(shape);
        B dx = run.maps(shape);
        B moments = run.kernels.channelValues(2 * shape.channels());
        run.kernels.relu(shape, x, dy); // so that sums of products with it are not near zero
        run.kernels.affineBatchNorm(shape, x, scale, shift, y, moments);
        run.result(shape, y);
        for (boolean add : new boolean[] {false, true}) {
            run.kernels.affineBatchNormGradient(shape, x, moments, scale, dy, dscale, dshift, dx, add);
            run.result(shape, dx);
            run.result(norm.scale(), dscale);
            run.result(norm.shift(), dshift);
        }
        double[] mean = new double[shape.channels()];
        double[] variance = new double[shape.channels()];
        run.kernels.moments(shape, x, mean, variance);
        run.kernels.fixedBatchNorm(shape, y, mean, variance, scale, shift, x);
        run.result(shape, x);
        run.kernels.fixedBatchNorm(shape, y, mean, variance, scale, shift, y);
        run.result(shape, y);
        return run.results();
    }

    @ParameterizedTest
    @MethodSource("maps")
    void relu(Implementation<?> implementation, Maps maps) {
        assertSameAsReference("relu", maps, implementation, any -> runRelu(any, maps));
    }

    private static <B> List<float[]> runRelu(Implementation<B> implementation, Maps maps) {
        Run<B> run = new Run<>(implementation, maps.images());
        Shape shape = maps.shape();
        B y = run.maps(shape);
        B dx = run.maps(shape);
        B dy = run.maps(shape);
        run.kernels.relu(shape, run.maps(shape), y);
        run.result(shape, y);
        run.kernels.reluGradient(shape, y, dy, dx, false);
        run.result(shape, dx);
        run.kernels.reluGradient(shape, y, dy, dx, true);
        run.result(shape, dx);
        return run.results();
    }

    @ParameterizedTest
    @MethodSource("maps")
    void relu6(Implementation<?> implementation, Maps maps) {
        assertSameAsReference("relu6", maps, implementation, any -> runRelu6(any, maps));
    }

    private static <B> List<float[]> runRelu6(Implementation<B> implementation, Maps maps) {
        Run<B> run = new Run<>(implementation, maps.images());
        Shape shape = maps.shape();
        B quarter = run.maps(shape);
        B x = run.maps(shape);
        run.kernels.sum(shape, List.of(quarter, quarter, quarter, quarter), x); // so that some values are above 6
        B y = run.maps(shape);
        B dx = run.maps(shape);
        B dy = run.maps(shape);
        run.kernels.relu6(shape, x, y);
        run.result(shape, y);
        run.kernels.relu6Gradient(shape, y, dy, dx, false);
        run.result(shape, dx);
        run.kernels.relu6Gradient(shape, y, dy, dx, true);
        run.result(shape, dx);
        return run.results();
    }

    @ParameterizedTest
    @MethodSource("maps")
    void hardSigmoid(Implementation<?> implementation, Maps maps) {
        assertSameAsReference("hardSigmoid", maps, implementation, any -> runHardSigmoid(any, maps));
    }

    private static <B> List<float[]> runHardSigmoid(Implementation<B> implementation, Maps maps) {
        Run<B> run = new Run<>(implementation, maps.images());
        Shape shape = maps.shape();
        B third = run.maps(shape);
        B x = run.maps(shape);
        run.kernels.sum(shape, List.of(third, third, third), x); // so that some values are beyond 3 on both sides
        B y = run.maps(shape);
        B dx = run.maps(shape);
        B dy = run.maps(shape);
        run.kernels.hardSigmoid(shape, x, y);
        run.result(shape, y);
        run.kernels.hardSigmoidGradient(shape, y, dy, dx, false);
        run.result(shape, dx);
        run.kernels.hardSigmoidGradient(shape, y, dy, dx, true);
        run.result(shape, dx);
        return run.results();
    }

    /** A single pixel too, where maps and factors have one shape. */
    static Stream<Arguments> scaledMaps() {
        return withEach(Stream.concat(MAPS.stream(), Stream.of(new Maps(new Shape(20, 1, 1), 21)))
                .toList());
    }

    @ParameterizedTest
    @MethodSource("scaledMaps")
    void channelScale(Implementation<?> implementation, Maps maps) {
        assertSameAsReference("channelScale", maps, implementation, any -> runChannelScale(any, maps));
    }

    private static <B> List<float[]> runChannelScale(Implementation<B> implementation, Maps maps) {
        Run<B> run = new Run<>(implementation, maps.images());
        Shape shape = maps.shape();
        Shape one = new Shape(shape.channels(), 1, 1);
        B x = run.maps(shape);
        B factors = run.maps(one);
        B y = run.maps(shape);
        B dfactors = run.maps(one);
        B dy = run.maps(shape);
        run.kernels.scaleChannels(shape, x, factors, y, false);
        run.result(shape, y);
        run.kernels.scaleChannels(shape, dy, factors, y, true);
        run.result(shape, y);
        run.kernels.channelFactorGradient(shape, x, dy, dfactors, false);
        run.result(one, dfactors);
        run.kernels.channelFactorGradient(shape, y, dy, dfactors, true);
        run.result(one, dfactors);
        return run.results();
    }

    @ParameterizedTest
    @MethodSource("pools")
    void averagePool(Implementation<?> implementation, Pool pool) {
        assertSameAsReference("averagePool", pool, implementation, any -> runAveragePool(any, pool));
    }

    private static <B> List<float[]> runAveragePool(Implementation<B> implementation, Pool pool) {
        Run<B> run = new Run<>(implementation, pool.in().images());
        Shape in = pool.in().shape();
        Shape out = pool.layer().output(List.of(in));
        B y = run.maps(out);
        B dy = run.maps(out);
        B dx = run.maps(in);
        run.kernels.averagePool(pool.layer(), in, run.maps(in), y);
        run.result(out, y);
        run.kernels.averagePoolGradient(pool.layer(), in, dy, dx, false);
        run.result(in, dx);
        run.kernels.averagePoolGradient(pool.layer(), in, dy, dx, true);
        run.result(in, dx);
        return run.results();
    }

    private record LargestOf(Layer.MaxPool layer, Maps in) {}

    static Stream<Arguments> maxPools() {
        return withEach(Stream.of(new Layer.MaxPool(3, 1, 1), new Layer.MaxPool(3, 2, 1), new Layer.MaxPool(2, 2, 0))
                .flatMap(layer -> MAPS.stream().map(maps -> new LargestOf(layer, maps)))
                .toList());
    }

    @ParameterizedTest
    @MethodSource("maxPools")
    void maxPool(Implementation<?> implementation, LargestOf pool) {
        assertSameAsReference("maxPool", pool, implementation, any -> runMaxPool(any, pool));
    }

    private static <B> List<float[]> runMaxPool(Implementation<B> implementation, LargestOf pool) {
        Run<B> run = new Run<>(implementation, pool.in().images());
        Shape in = pool.in().shape();
        Shape out = pool.layer().output(in);
        B x = run.maps(in);
        B y = run.maps(out);
        B dy = run.maps(out);
        B dx = run.maps(in);
        run.kernels.maxPool(pool.layer(), in, x, y);
        run.result(out, y);
        run.kernels.maxPoolGradient(pool.layer(), in, x, y, dy, dx, false);
        run.result(in, dx);
        run.kernels.maxPoolGradient(pool.layer(), in, x, y, dy, dx, true);
        run.result(in, dx);
        return run.results();
    }

    /** As after a ReLU, where a whole window can be 0. */
    @ParameterizedTest
    @MethodSource("implementations")
    void ofEqualValuesTheFirstIsTheLargest(Implementation<?> implementation) {
        assertSameAsReference("maxPoolOfZeros", "", implementation, KernelsTest::runMaxPoolOfZeros);
    }

    private static <B> List<float[]> runMaxPoolOfZeros(Implementation<B> implementation) {
        Run<B> run = new Run<>(implementation, 5);
        Shape in = new Shape(3, 8, 8);
        Layer.MaxPool layer = new Layer.MaxPool(3, 2, 1);
        Shape out = layer.output(in);
        B y = run.maps(out);
        B dx = run.maps(in);
        B dy = run.maps(out);
        B x = run.kernels.featureMaps(in);
        run.kernels.images(new Batch(new float[run.images * in.size()], labels(run.images), in), x);
        run.kernels.maxPool(layer, in, x, y);
        run.kernels.maxPoolGradient(layer, in, x, y, dy, dx, false);
        run.result(in, dx);
        return run.results();
    }

    private record Kept(Layer.Subsample layer, Maps in) {}

    static Stream<Arguments> subsamples() {
        Stream<Kept> several = Stream.of(
                        new Layer.Subsample(2, 0), new Layer.Subsample(2, 1), new Layer.Subsample(3, 2))
                .flatMap(layer -> MAPS.stream().map(maps -> new Kept(layer, maps)));
        Kept single = new Kept(new Layer.Subsample(2, 1), new Maps(new Shape(2, 2, 2), 5));
        return withEach(Stream.concat(several, Stream.of(single)).toList());
    }

    @ParameterizedTest
    @MethodSource("subsamples")
    void subsample(Implementation<?> implementation, Kept kept) {
        assertSameAsReference("subsample", kept, implementation, any -> runSubsample(any, kept));
    }

    private static <B> List<float[]> runSubsample(Implementation<B> implementation, Kept kept) {
        Run<B> run = new Run<>(implementation, kept.in().images());
        Shape in = kept.in().shape();
        Shape out = kept.layer().output(in);
        B y = run.maps(out);
        B dy = run.maps(out);
        B dx = run.maps(in);
        run.kernels.subsample(kept.layer(), in, run.maps(in), y);
        run.result(out, y);
        run.kernels.subsampleGradient(kept.layer(), in, dy, dx, false);
        run.result(in, dx);
        run.kernels.subsampleGradient(kept.layer(), in, dy, dx, true);
        run.result(in, dx);
        return run.results();
    }

    @ParameterizedTest
    @MethodSource("maps")
    void concatenate(Implementation<?> implementation, Maps maps) {
        assertSameAsReference("concatenate", maps, implementation, any -> runConcatenate(any, maps));
    }

    private static <B> List<float[]> runConcatenate(Implementation<B> implementation, Maps maps) {
        Run<B> run = new Run<>(implementation, maps.images());
        Shape each = maps.shape();
        B a = run.maps(each);
        B b = run.maps(each);
        B dx = run.maps(each);
        for (List<B> inputs : List.of(List.of(a, b), List.of(a, a), List.of(b, a, a, b))) {
            Shape whole = new Shape(inputs.size() * each.channels(), each.height(), each.width());
            B y = run.maps(whole);
            B dy = run.maps(whole);
            run.kernels.concatenate(each, inputs, y);
            run.result(whole, y);
            for (int index = 0; index < inputs.size(); index++) {
                run.kernels.concatenateGradient(each, inputs.size(), index, dy, dx, index % 2 == 1);
                run.result(each, dx);
            }
        }
        return run.results();
    }

    @ParameterizedTest
    @MethodSource("maps")
    void sum(Implementation<?> implementation, Maps maps) {
        assertSameAsReference("sum", maps, implementation, any -> runSum(any, maps));
    }

    private static <B> List<float[]> runSum(Implementation<B> implementation, Maps maps) {
        Run<B> run = new Run<>(implementation, maps.images());
        Shape shape = maps.shape();
        B a = run.maps(shape);
        B b = run.maps(shape);
        B y = run.maps(shape);
        for (List<B> inputs : List.of(List.of(a, b), List.of(a, a), List.of(a, b, a), List.of(b, a, a, b))) {
            run.kernels.sum(shape, inputs, y);
            run.result(shape, y);
        }
        run.kernels.sumGradient(shape, a, y, true);
        run.result(shape, y);
        run.kernels.sumGradient(shape, b, y, false);
        run.result(shape, y);
        return run.results();
    }

    @ParameterizedTest
    @MethodSource("maps")
    void globalAveragePool(Implementation<?> implementation, Maps maps) {
        assertSameAsReference("globalAveragePool", maps, implementation, any -> runGlobalAveragePool(any, maps));
    }

    private static <B> List<float[]> runGlobalAveragePool(Implementation<B> implementation, Maps maps) {
        Run<B> run = new Run<>(implementation, maps.images());
        Shape in = maps.shape();
        Shape out = new Shape(in.channels(), 1, 1);
        B y = run.maps(out);
        B dy = run.maps(out);
        B dx = run.maps(in);
        run.kernels.globalAveragePool(in, run.maps(in), y);
        run.result(out, y);
        run.kernels.globalAveragePoolGradient(in, dy, dx, false);
        run.result(in, dx);
        run.kernels.globalAveragePoolGradient(in, dy, dx, true);
        run.result(in, dx);
        return run.results();
    }

    private record Weigh(Layer.Linear layer, int images) {}

    static Stream<Arguments> linear() {
        return withEach(Stream.of(new int[][] {
                    // inputs, outputs, images
                    {1, 10, 5},
                    {3, 10, 16},
                    {5, 1, 64},
                    {8, 4, 5},
                    {20, 10, 1},
                    {96, 24, 64},
                    {141, 35, 21},
                    {18, 70, 48}
                })
                .map(of -> new Weigh(new Layer.Linear("linear", of[0], of[1]), of[2]))
                .toList());
    }

    @ParameterizedTest
    @MethodSource
    void linear(Implementation<?> implementation, Weigh weigh) {
        assertSameAsReference("linear", weigh, implementation, any -> runLinear(any, weigh));
    }

    private static <B> List<float[]> runLinear(Implementation<B> implementation, Weigh weigh) {
        Run<B> run = new Run<>(implementation, weigh.images());
        Layer.Linear layer = weigh.layer();
        Weight weight = layer.weights().get(0);
        Weight bias = layer.weights().get(1);
        Shape in = new Shape(layer.inputs(), 1, 1);
        Shape out = new Shape(layer.outputs(), 1, 1);
        B x = run.maps(in);
        B y = run.maps(out);
        B w = run.weight(weight);
        run.kernels.linear(layer, x, w, run.weight(bias), y);
        run.result(out, y);
        B dy = run.maps(out);
        B dx = run.maps(in);
        B dw = run.weight(weight);
        B db = run.weight(bias);
        run.kernels.linearWeightGradient(layer, x, dy, dw, db);
        run.result(weight, dw);
        run.result(bias, db);
        run.kernels.linearInputGradient(layer, w, dy, dx, false);
        run.result(in, dx);
        run.kernels.linearInputGradient(layer, w, dy, dx, true);
        run.result(in, dx);
        return run.results();
    }

    @ParameterizedTest
    @MethodSource("maps")
    void loss(Implementation<?> implementation, Maps maps) {
        Evaluation expected = evaluate(ReferenceKernels.IMPLEMENTATION, maps.images());
        Evaluation actual = evaluate(implementation, maps.images());
        assertThat(actual.images()).isEqualTo(maps.images());
        assertThat(actual.correct()).isEqualTo(expected.correct());
        assertThat(actual.lossSum()).isCloseTo(expected.lossSum(), within(1e-5 * expected.lossSum()));
        assertSameAsReference("lossGradient", maps, implementation, any -> runLossGradient(any, maps.images()));
        assertSameAsReference(
                "distillationGradient", maps, implementation, any -> runDistillationGradient(any, maps.images()));
    }

    private static final int CLASSES = 10;

    private static int[] labels(int images) {
        return IntStream.range(0, images).map(image -> image * 7 % CLASSES).toArray();
    }

    private static <B> Evaluation evaluate(Implementation<B> implementation, int images) {
        Run<B> run = new Run<>(implementation, images);
        return run.kernels.evaluate(CLASSES, run.maps(new Shape(CLASSES, 1, 1))).get();
    }

    private static <B> List<float[]> runLossGradient(Implementation<B> implementation, int images) {
        Run<B> run = new Run<>(implementation, images);
        Shape shape = new Shape(CLASSES, 1, 1);
        B dlogits = run.maps(shape);
        run.kernels.lossGradient(CLASSES, run.maps(shape), 0.25f, dlogits);
        run.result(shape, dlogits);
        return run.results();
    }

    private static <B> List<float[]> runDistillationGradient(Implementation<B> implementation, int images) {
        Run<B> run = new Run<>(implementation, images);
        Shape shape = new Shape(CLASSES, 1, 1);
        B teacher = run.maps(shape);
        run.kernels.softmax(CLASSES, run.maps(shape), teacher);
        B dlogits = run.maps(shape);
        run.kernels.distillationGradient(CLASSES, run.maps(shape), teacher, 0.25f, 0.5f, dlogits);
        run.result(shape, teacher);
        run.result(shape, dlogits);
        return run.results();
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void theFirstOfEqualLogitsWins(Implementation<?> implementation) {
        assertThat(equalLogits(implementation).correct()).isEqualTo(1);
    }

    private static <B> Evaluation equalLogits(Implementation<B> implementation) {
        Kernels<B> kernels = implementation.kernels(2);
        Shape shape = new Shape(3, 1, 1);
        B logits = kernels.featureMaps(shape);
        kernels.images(new Batch(new float[] {1, 2, 2, 1, 2, 2}, new int[] {1, 2}, shape), logits);
        return kernels.evaluate(3, logits).get();
    }

    private static final List<Weight> WEIGHTS = List.of(
            new Weight("convolution", List.of(16, 5, 3, 3), 45),
            new Weight("pointwise", List.of(3, 8, 1, 1), 8),
            new Weight("linear", List.of(10, 20), 20),
            new Weight("bias", List.of(10), 20));

    static Stream<Arguments> weights() {
        return withEach(WEIGHTS);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void update(Implementation<?> implementation) {
        assertSameAsReference("updates", WEIGHTS, implementation, any -> runUpdates(any));
    }

    /** Without a limit on the gradient, with one that it keeps to, and with one that it does not. */
    private static <B> List<float[]> runUpdates(Implementation<B> implementation) {
        Run<B> run = new Run<>(implementation, 1);
        List<B> values = WEIGHTS.stream().map(run::weight).toList();
        List<B> momenta = WEIGHTS.stream().map(run::weight).toList();
        for (float clip : new float[] {0, 1000, 3}) {
            List<Trained<B>> trained = IntStream.range(0, WEIGHTS.size())
                    .mapToObj(i ->
                            new Trained<>(WEIGHTS.get(i), values.get(i), run.weight(WEIGHTS.get(i)), momenta.get(i)))
                    .toList();
            run.kernels.update(trained, 0.1f, new Optimizer(0.9f, 0.05f, clip));
            trained.forEach(one -> {
                run.result(one.weight(), one.values());
                run.result(one.weight(), one.momentum());
            });
        }
        List<Trained<B>> withoutMomentum = IntStream.range(0, WEIGHTS.size())
                .mapToObj(i -> new Trained<>(
                        WEIGHTS.get(i), values.get(i), run.weight(WEIGHTS.get(i)), run.weight(WEIGHTS.get(i))))
                .toList();
        run.kernels.update(withoutMomentum, 0.1f, new Optimizer(0, 0.05f, 3));
        withoutMomentum.forEach(one -> run.result(one.weight(), one.values()));
        return run.results();
    }

    @ParameterizedTest
    @MethodSource("weights")
    void weightsComeBackAsTheyWentIn(Implementation<?> implementation, Weight weight) {
        roundTrip(implementation, weight);
    }

    private static <B> void roundTrip(Implementation<B> implementation, Weight weight) {
        try (Kernels<B> kernels = implementation.kernels(1)) {
            float[] written = new float[weight.size()];
            for (int i = 0; i < written.length; i++) {
                written[i] = i + 1;
            }
            float[] read = new float[weight.size()];
            B buffer = kernels.weight(weight);
            kernels.read(weight, buffer, read);
            assertThat(read).as("a new buffer").containsOnly(0);
            kernels.write(weight, written, buffer);
            kernels.read(weight, buffer, read);
            assertThat(read).isEqualTo(written);
            kernels.clear(weight, buffer);
            kernels.read(weight, buffer, read);
            assertThat(read).as("cleared").containsOnly(0);
        }
    }
}
