package io.efsnas.supernet.nd4j;

import io.efsnas.data.Batch;
import io.efsnas.network.Layer;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.supernet.DeviceLostException;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.supernet.graph.Kernels;
import io.efsnas.supernet.nd4j.Nd4jBuffer.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.Step;
import org.nd4j.linalg.api.ops.impl.transforms.floating.RSqrt;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.Axpy;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * The arithmetic of a supernet in ND4J's operations. Batch norms and gradients are composed of matrix products and
 * elementwise operations where ND4J's own operation for the whole is slow.
 */
final class Nd4jKernels implements Kernels<Nd4jBuffer> {

    /** What sets apart the operations of one kind: all of them work on square windows. */
    private record Window(int kernel, int stride, int padding) {}

    private static final double EPSILON = 1e-5;
    private static final long CHANNELS_LAST = 1;

    private final int largestBatch;
    private final int threads;
    private final int device;
    private final List<Nd4jBuffer> weights = new ArrayList<>();
    /** Those of feature maps and channel values, scratch ones among them. */
    private final List<Nd4jBuffer> maps = new ArrayList<>();

    private final Map<Shape, Nd4jBuffer> scratchMaps = new HashMap<>();
    private final Map<Shape, Nd4jBuffer> normalisedMaps = new HashMap<>();
    private final Map<List<Integer>, Nd4jBuffer> scratchWeights = new HashMap<>();
    /** Those of depthwise convolutions by the shape of their kernels with all gaps. */
    private final Map<Shape, Nd4jBuffer> spreadWeights = new HashMap<>();

    private final Map<Shape, Nd4jBuffer> spreadGradients = new HashMap<>();
    private final Map<Integer, Nd4jBuffer> channelMeans = new HashMap<>();
    private final Map<Integer, Nd4jBuffer> channelFactors = new HashMap<>();
    private final Map<Integer, Nd4jBuffer> averaging = new HashMap<>();
    private final Map<Integer, Nd4jBuffer> factorGradients = new HashMap<>();
    private final Map<Shape, Nd4jBuffer> meanMaps = new HashMap<>();
    private final Map<List<Integer>, Nd4jBuffer> meanRows = new HashMap<>();
    private final Map<Shape, Nd4jBuffer> staging = new HashMap<>();

    private final Map<Window, Operation> convolution = new HashMap<>();
    private final Map<Window, Operation> convolutionGradient = new HashMap<>();
    private final Map<Window, Operation> depthwise = new HashMap<>();
    private final Map<Window, Operation> depthwiseGradient = new HashMap<>();
    private final Map<Window, Operation> averagePool = new HashMap<>();
    private final Map<Window, Operation> averagePoolGradient = new HashMap<>();
    private final Map<Window, Operation> maxPool = new HashMap<>();
    private final Map<Window, Operation> maxPoolGradient = new HashMap<>();
    private final Operation add;
    private final Operation subtract;
    private final Operation multiply;
    /** Adds one value per channel. */
    private final Operation addChannels;

    private final Operation relu;
    private final Operation relu6;
    private final Operation relu6Gradient;
    private final Operation concatenate;
    private final Operation imageMean;
    private final Operation imageSum;
    private final Operation product;
    private final Operation negatedProduct;
    private final Operation transposedProductAdded;
    private final Operation productTransposed;
    private final Operation productTransposedAdded;

    private int images;
    private int[] labels = {};

    /**
     * @param largestBatch how many images a buffer has room for
     * @param device the number of the CUDA device; 0 on the CPU
     */
    Nd4jKernels(int largestBatch, int threads, int device) {
        this.largestBatch = largestBatch;
        this.threads = threads;
        this.device = device;
        bindThread();
        add = new Operation("add");
        subtract = new Operation("subtract");
        multiply = new Operation("multiply");
        addChannels = new Operation("biasadd");
        relu = new Operation("relu", new double[] {0});
        relu6 = new Operation("relu6", new double[] {0});
        relu6Gradient = new Operation("relu6_bp", new double[] {0});
        concatenate = new Operation("concat", 3);
        imageMean = new Operation("reduce_mean", 1, 2);
        imageSum = new Operation("reduce_sum", 1, 2);
        product = product(1, 0, 0, 0);
        negatedProduct = product(-1, 0, 0, 0);
        transposedProductAdded = product(1, 1, 1, 0);
        productTransposed = product(1, 0, 0, 1);
        productTransposedAdded = product(1, 1, 0, 1);
    }

    /** alpha * left right + beta * output, each of the two transposed where its argument is 1. */
    private static Operation product(int alpha, int beta, int transposeLeft, int transposeRight) {
        return new Operation("matmul", new double[] {alpha, beta}, transposeLeft, transposeRight, 0);
    }

    /** ND4J keeps device and number of threads for each thread that calls it, and the caller's thread may change. */
    private void bindThread() {
        Nd4j.getAffinityManager().unsafeSetDevice(device);
        NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
    }

    @Override
    public Nd4jBuffer featureMaps(Shape shape) {
        return make(largestBatch, shape.height(), shape.width(), shape.channels());
    }

    @Override
    public Nd4jBuffer channelValues(int channels) {
        return make(channels);
    }

    @Override
    public Nd4jBuffer weight(Weight weight) {
        List<Integer> shape = weight.shape();
        return switch (shape.size()) {
            case 4 -> make(weights, shape.get(2), shape.get(3), shape.get(1), shape.get(0));
            case 2 -> make(weights, shape.get(1), shape.get(0));
            default -> make(weights, shape.get(0));
        };
    }

    private Nd4jBuffer make(long... shape) {
        return make(maps, shape);
    }

    private static Nd4jBuffer make(List<Nd4jBuffer> among, long... shape) {
        Nd4jBuffer buffer = new Nd4jBuffer(shape);
        among.add(buffer);
        return buffer;
    }

    @Override
    public void write(Weight weight, float[] values, Nd4jBuffer to) {
        bindThread();
        try (INDArray given = Nd4j.createFromArray(values)) {
            outputsFirst(to).assign(given.reshape(shape(weight)));
        }
    }

    @Override
    public void read(Weight weight, Nd4jBuffer from, float[] values) {
        bindThread();
        try (INDArray copy = outputsFirst(from).dup('c')) {
            System.arraycopy(copy.data().asFloat(), 0, values, 0, values.length);
        }
    }

    private static long[] shape(Weight weight) {
        return weight.shape().stream().mapToLong(Integer::longValue).toArray();
    }

    /** A weight's buffer, whose order of dimensions is this class's own, in the order of {@link Weight#shape()}. */
    private static INDArray outputsFirst(Nd4jBuffer buffer) {
        INDArray array = buffer.whole().array();
        return switch (array.rank()) {
            case 4 -> array.permute(3, 2, 0, 1);
            case 2 -> array.permute(1, 0);
            default -> array;
        };
    }

    @Override
    public void images(Batch batch, Nd4jBuffer to) {
        bindThread();
        images = batch.size();
        labels = batch.labels();
        Shape shape = batch.shape();
        Nd4jBuffer given = staging.computeIfAbsent(
                shape, any -> make(largestBatch, shape.channels(), shape.height(), shape.width()));
        given.whole().array().data().setData(batch.images());
        array(to).assign(array(given).permute(0, 2, 3, 1));
    }

    @Override
    public void read(Shape shape, Nd4jBuffer from, float[] values) {
        bindThread();
        try (INDArray copy = array(from).permute(0, 3, 1, 2).dup('c')) {
            System.arraycopy(copy.data().asFloat(), 0, values, 0, values.length);
        }
    }

    private INDArray array(Nd4jBuffer maps) {
        return maps.first(images).array();
    }

    private INDArray matrix(Nd4jBuffer maps) {
        return maps.first(images).matrix();
    }

    /** A buffer for the moment. */
    private Nd4jBuffer scratch(Shape shape) {
        return scratchMaps.computeIfAbsent(shape, this::featureMaps);
    }

    @Override
    public void convolution(Layer.Convolution layer, Shape in, Nd4jBuffer x, Nd4jBuffer weight, Nd4jBuffer y) {
        if (pointwise(layer)) {
            product.run(List.of(matrix(x), weight.whole().matrix()), matrix(y));
        } else {
            convolution
                    .computeIfAbsent(window(layer), window -> convolution("conv2d", window))
                    .run(List.of(array(x), weight.whole().array()), array(y));
        }
    }

    @Override
    public void convolutionGradient(
            Layer.Convolution layer,
            Shape in,
            Nd4jBuffer x,
            Nd4jBuffer weight,
            Nd4jBuffer dy,
            Nd4jBuffer dweight,
            Nd4jBuffer dx,
            boolean add) {
        if (pointwise(layer)) {
            if (dweight != null) {
                transposedProductAdded.run(
                        List.of(matrix(x), matrix(dy)), dweight.whole().matrix());
            }
            if (dx != null) {
                inputGradient(weight, dy, dx, add);
            }
            return;
        }
        Nd4jBuffer dxOfThis = dx == null || add ? scratch(in) : dx;
        Nd4jBuffer dweightOfThis = scratchWeight(layer);
        convolutionGradient
                .computeIfAbsent(window(layer), window -> convolution("conv2d_bp", window))
                .run(
                        List.of(array(x), weight.whole().array(), array(dy)),
                        array(dxOfThis),
                        dweightOfThis.whole().array());
        if (dweight != null) {
            accumulate(dweightOfThis.whole(), dweight.whole());
        }
        if (dx != null && add) {
            accumulate(dxOfThis.first(images), dx.first(images));
        }
    }

    @Override
    public void depthwise(Layer.Depthwise layer, Shape in, Nd4jBuffer x, Nd4jBuffer weight, Nd4jBuffer y) {
        depthwise
                .computeIfAbsent(window(layer), window -> convolution("depthwise_conv2d", window))
                .run(List.of(array(x), spread(layer, weight)), array(y));
    }

    @Override
    public void depthwiseGradient(
            Layer.Depthwise layer,
            Shape in,
            Nd4jBuffer x,
            Nd4jBuffer weight,
            Nd4jBuffer dy,
            Nd4jBuffer dweight,
            Nd4jBuffer dx,
            boolean add) {
        Nd4jBuffer dxOfThis = dx == null || add ? scratch(in) : dx;
        INDArray dspread = spreadGradients
                .computeIfAbsent(spreadShape(layer), this::kernels)
                .whole()
                .array();
        depthwiseGradient
                .computeIfAbsent(window(layer), window -> convolution("depthwise_conv2d_bp", window))
                .run(List.of(array(x), spread(layer, weight), array(dy)), array(dxOfThis), dspread);
        if (dweight != null) {
            factor(layer, dweight).addi(taps(layer, dspread));
        }
        if (dx != null && add) {
            accumulate(dxOfThis.first(images), dx.first(images));
        }
    }

    /** A weight as ND4J wants it, with the channel before what each channel is multiplied to. */
    private static INDArray factor(Layer.Depthwise layer, Nd4jBuffer weight) {
        return weight.whole().array().reshape(layer.kernel(), layer.kernel(), layer.channels(), 1);
    }

    /**
     * The same for larger kernels with zeros between the taps, if the convolution is dilated: ND4J's own dilation of depthwise
     * convolutions fails with oneDNN.
     */
    private INDArray spread(Layer.Depthwise layer, Nd4jBuffer weight) {
        if (layer.dilation() == 1) {
            return factor(layer, weight);
        }
        INDArray spread = spreadWeights
                .computeIfAbsent(spreadShape(layer), this::kernels)
                .whole()
                .array();
        spread.assign(0);
        taps(layer, spread).assign(factor(layer, weight));
        return spread;
    }

    private static INDArray taps(Layer.Depthwise layer, INDArray spread) {
        return layer.dilation() == 1
                ? spread
                : spread.get(
                        NDArrayIndex.interval(0, layer.dilation(), spread.size(0)),
                        NDArrayIndex.interval(0, layer.dilation(), spread.size(1)),
                        NDArrayIndex.all(),
                        NDArrayIndex.all());
    }

    private static Shape spreadShape(Layer.Depthwise layer) {
        int side = 2 * layer.padding() + 1;
        return new Shape(layer.channels(), side, side);
    }

    private Nd4jBuffer kernels(Shape spread) {
        return make(weights, spread.height(), spread.width(), spread.channels(), 1);
    }

    private static Window window(Layer.Depthwise layer) {
        return new Window(2 * layer.padding() + 1, layer.stride(), layer.padding());
    }

    private Nd4jBuffer scratchWeight(Layer layer) {
        Weight weight = layer.weights().get(0);
        return scratchWeights.computeIfAbsent(weight.shape(), any -> weight(weight));
    }

    /** A convolution that is a product of matrices. */
    private static boolean pointwise(Layer.Convolution layer) {
        return layer.kernel() == 1 && layer.stride() == 1;
    }

    private static Window window(Layer.Convolution layer) {
        return new Window(layer.kernel(), layer.stride(), layer.padding());
    }

    private static Operation convolution(String name, Window window) {
        return new Operation(name, arguments(window, CHANNELS_LAST, 0));
    }

    /** Kernel, stride, padding and dilation, each for rows and columns, explicit padding, and what else there is. */
    private static long[] arguments(Window window, long... more) {
        long[] arguments = new long[9 + more.length];
        for (int i = 0; i < 2; i++) {
            arguments[i] = window.kernel();
            arguments[2 + i] = window.stride();
            arguments[4 + i] = window.padding();
            arguments[6 + i] = 1;
        }
        System.arraycopy(more, 0, arguments, 9, more.length);
        return arguments;
    }

    /** to += from. */
    private void accumulate(View from, View to) {
        add.run(List.of(to.array(), from.array()), to.array());
    }

    /** The gradient of the factor x in the matrix product y = x weight. */
    private void inputGradient(Nd4jBuffer weight, Nd4jBuffer dy, Nd4jBuffer dx, boolean add) {
        (add ? productTransposedAdded : productTransposed)
                .run(List.of(matrix(dy), weight.whole().matrix()), matrix(dx));
    }

    @Override
    public void batchNorm(Shape shape, Nd4jBuffer x, Nd4jBuffer y, Nd4jBuffer inverseDeviation) {
        batchNorm(shape, x, y, channelMeans(shape.channels()), inverseDeviation.whole());
    }

    /** @param mean takes the negated mean of each channel */
    private void batchNorm(Shape shape, Nd4jBuffer x, Nd4jBuffer y, View mean, View inverse) {
        INDArray centred = array(scratch(shape));
        averagePixels(x, shape, negatedProduct, mean);
        addChannels.run(List.of(array(x), mean.array()), centred);
        multiply.run(List.of(centred, centred), array(y));
        averagePixels(y, shape, product, inverse);
        Nd4j.exec(new RSqrt(inverse.array().addi(EPSILON)));
        multiply.run(List.of(centred, inverse.array()), array(y));
    }

    /** dx = (dy - mean(dy) - y mean(dy y)) / deviation, with the means over all pixels of each channel. */
    @Override
    public void batchNormGradient(
            Shape shape, Nd4jBuffer y, Nd4jBuffer inverseDeviation, Nd4jBuffer dy, Nd4jBuffer dx, boolean add) {
        batchNormGradient(shape, y, inverseDeviation.whole().array(), dy, dx, add);
    }

    private void batchNormGradient(
            Shape shape, Nd4jBuffer y, INDArray inverse, Nd4jBuffer dy, Nd4jBuffer dx, boolean add) {
        INDArray result = array(scratch(shape));
        View mean = channelMeans(shape.channels());
        multiply.run(List.of(array(dy), array(y)), result);
        averagePixels(scratch(shape), shape, product, mean);
        multiply.run(List.of(array(y), mean.array()), result);
        subtract.run(List.of(array(dy), result), result);
        averagePixels(dy, shape, negatedProduct, mean);
        addChannels.run(List.of(result, mean.array()), result);
        if (add) {
            multiply.run(List.of(result, inverse), result);
            accumulate(scratch(shape).first(images), dx.first(images));
        } else {
            multiply.run(List.of(result, inverse), array(dx));
        }
    }

    @Override
    public void moments(Shape shape, Nd4jBuffer x, double[] mean, double[] variance) {
        INDArray centred = array(scratch(shape));
        View means = channelMeans(shape.channels());
        averagePixels(x, shape, negatedProduct, means);
        addChannels.run(List.of(array(x), means.array()), centred);
        double[] negated = means.array().toDoubleVector();
        multiply.run(List.of(centred, centred), centred);
        averagePixels(scratch(shape), shape, product, means);
        double[] ofAll = means.array().toDoubleVector();
        double count = (double) images * shape.pixels();
        for (int channel = 0; channel < mean.length; channel++) {
            mean[channel] = -negated[channel];
            variance[channel] = ofAll[channel] * count / Math.max(1, count - 1);
        }
    }

    @Override
    public void fixedBatchNorm(Shape shape, Nd4jBuffer x, double[] mean, double[] variance, Nd4jBuffer y) {
        float[] negated = new float[mean.length];
        float[] inverse = new float[mean.length];
        for (int channel = 0; channel < mean.length; channel++) {
            negated[channel] = (float) -mean[channel];
            inverse[channel] = (float) (1 / Math.sqrt(variance[channel] + EPSILON));
        }
        INDArray means = channelMeans(shape.channels()).array();
        INDArray factors = channelFactors(shape.channels());
        try (INDArray givenMeans = Nd4j.createFromArray(negated);
                INDArray givenFactors = Nd4j.createFromArray(inverse)) {
            means.assign(givenMeans);
            factors.assign(givenFactors);
        }
        addChannels.run(List.of(array(x), means), array(y));
        multiply.run(List.of(array(y), factors), array(y));
    }

    @Override
    public void affineBatchNorm(
            Shape shape, Nd4jBuffer x, Nd4jBuffer scale, Nd4jBuffer shift, Nd4jBuffer y, Nd4jBuffer moments) {
        batchNorm(shape, x, y, moments.half(0), moments.half(1));
        scaleAndShift(y, scale, shift);
    }

    private void scaleAndShift(Nd4jBuffer y, Nd4jBuffer scale, Nd4jBuffer shift) {
        multiply.run(List.of(array(y), scale.whole().array()), array(y));
        addChannels.run(List.of(array(y), shift.whole().array()), array(y));
    }

    /** That of a norm of the same output that is not affine, whose inverse deviations are those times the scales. */
    @Override
    public void affineBatchNormGradient(
            Shape shape,
            Nd4jBuffer x,
            Nd4jBuffer moments,
            Nd4jBuffer scale,
            Nd4jBuffer dy,
            Nd4jBuffer dscale,
            Nd4jBuffer dshift,
            Nd4jBuffer dx,
            boolean add) {
        Nd4jBuffer normalised = normalisedMaps.computeIfAbsent(shape, this::featureMaps);
        INDArray inverse = moments.half(1).array();
        addChannels.run(List.of(array(x), moments.half(0).array()), array(normalised));
        multiply.run(List.of(array(normalised), inverse), array(normalised));
        multiply.run(List.of(array(dy), array(normalised)), array(scratch(shape)));
        addSums(shape, scratch(shape), dscale);
        addSums(shape, dy, dshift);
        INDArray factors = channelFactors(shape.channels());
        multiply.run(List.of(inverse, scale.whole().array()), factors);
        batchNormGradient(shape, normalised, factors, dy, dx, add);
    }

    /** Adds the sum over all pixels of each channel. */
    private void addSums(Shape shape, Nd4jBuffer maps, Nd4jBuffer to) {
        View means = channelMeans(shape.channels());
        averagePixels(maps, shape, product, means);
        means.array().muli((double) images * shape.pixels());
        accumulate(means, to.whole());
    }

    @Override
    public void fixedBatchNorm(
            Shape shape,
            Nd4jBuffer x,
            double[] mean,
            double[] variance,
            Nd4jBuffer scale,
            Nd4jBuffer shift,
            Nd4jBuffer y) {
        fixedBatchNorm(shape, x, mean, variance, y);
        scaleAndShift(y, scale, shift);
    }

    private INDArray channelFactors(int channels) {
        return channelFactors
                .computeIfAbsent(channels, this::channelValues)
                .whole()
                .array();
    }

    private View channelMeans(int channels) {
        return channelMeans.computeIfAbsent(channels, this::channelValues).whole();
    }

    /**
     * The mean over all pixels of each channel: over images, then rows, then columns. Images with large equal areas have
     * maps of many equal values, and a single long sum of such rounds to the same side with each term.
     *
     * @param last the last of the three products, which may negate
     */
    private void averagePixels(Nd4jBuffer maps, Shape shape, Operation last, View means) {
        View overImages = meanMaps.computeIfAbsent(shape, any -> make(shape.height(), shape.width(), shape.channels()))
                .whole();
        View overRows = meanRows.computeIfAbsent(
                        List.of(shape.width(), shape.channels()), any -> make(shape.width(), shape.channels()))
                .whole();
        product.run(List.of(averaging(images), maps.first(images).rows()), overImages.row());
        product.run(List.of(averaging(shape.height()), overImages.rows()), overRows.row());
        last.run(List.of(averaging(shape.width()), overRows.rows()), means.row());
    }

    /** A row that, multiplied by as many rows, gives their mean. */
    private INDArray averaging(int count) {
        return averaging
                .computeIfAbsent(count, any -> {
                    Nd4jBuffer row = make(1, count);
                    row.whole().array().assign(1.0 / count);
                    return row;
                })
                .whole()
                .array();
    }

    @Override
    public void relu(Shape shape, Nd4jBuffer x, Nd4jBuffer y) {
        relu.run(List.of(array(x)), array(y));
    }

    @Override
    public void reluGradient(Shape shape, Nd4jBuffer y, Nd4jBuffer dy, Nd4jBuffer dx, boolean add) {
        INDArray passes = array(scratch(shape));
        Nd4j.exec(new Step(array(y), passes));
        if (add) {
            multiply.run(List.of(passes, array(dy)), passes);
            accumulate(scratch(shape).first(images), dx.first(images));
        } else {
            multiply.run(List.of(passes, array(dy)), array(dx));
        }
    }

    @Override
    public void relu6(Shape shape, Nd4jBuffer x, Nd4jBuffer y) {
        relu6.run(List.of(array(x)), array(y));
    }

    /** ND4J starts from the input, which is between 0 and 6 where the output is. */
    @Override
    public void relu6Gradient(Shape shape, Nd4jBuffer y, Nd4jBuffer dy, Nd4jBuffer dx, boolean add) {
        Nd4jBuffer result = add ? scratch(shape) : dx;
        relu6Gradient.run(List.of(array(y), array(dy)), array(result));
        if (add) {
            accumulate(result.first(images), dx.first(images));
        }
    }

    /** ND4J's own hard sigmoid is another one. */
    @Override
    public void hardSigmoid(Shape shape, Nd4jBuffer x, Nd4jBuffer y) {
        INDArray shifted = array(scratch(shape));
        shifted.assign(array(x)).addi(3);
        relu6.run(List.of(shifted), array(y));
        array(y).divi(6);
    }

    @Override
    public void hardSigmoidGradient(Shape shape, Nd4jBuffer y, Nd4jBuffer dy, Nd4jBuffer dx, boolean add) {
        INDArray result = array(scratch(shape));
        result.assign(array(y)).muli(6);
        relu6Gradient.run(List.of(result, array(dy)), result);
        if (!add) {
            array(dx).assign(0);
        }
        addScaled(1.0 / 6, result, array(dx));
    }

    @Override
    public void scaleChannels(Shape shape, Nd4jBuffer x, Nd4jBuffer factors, Nd4jBuffer y, boolean add) {
        Nd4jBuffer result = add ? scratch(shape) : y;
        multiply.run(List.of(array(x), array(factors)), array(result));
        if (add) {
            accumulate(result.first(images), y.first(images));
        }
    }

    @Override
    public void channelFactorGradient(Shape shape, Nd4jBuffer x, Nd4jBuffer dy, Nd4jBuffer dfactors, boolean add) {
        INDArray products = array(scratch(shape));
        multiply.run(List.of(array(x), array(dy)), products);
        Nd4jBuffer result = add
                ? factorGradients.computeIfAbsent(shape.channels(), channels -> featureMaps(new Shape(channels, 1, 1)))
                : dfactors;
        imageSum.run(List.of(products), matrix(result));
        if (add) {
            accumulate(result.first(images), dfactors.first(images));
        }
    }

    @Override
    public void averagePool(Layer.AveragePool layer, Shape in, Nd4jBuffer x, Nd4jBuffer y) {
        averagePool
                .computeIfAbsent(
                        window(layer), window -> new Operation("avgpool2d", arguments(window, 0, CHANNELS_LAST)))
                .run(List.of(array(x)), array(y));
    }

    @Override
    public void averagePoolGradient(Layer.AveragePool layer, Shape in, Nd4jBuffer dy, Nd4jBuffer dx, boolean add) {
        // ND4J wants an input of the pool for its shape alone; any array of that shape will do.
        Nd4jBuffer result = add ? scratch(in) : dx;
        averagePoolGradient
                .computeIfAbsent(
                        window(layer), window -> new Operation("avgpool2d_bp", arguments(window, 0, CHANNELS_LAST)))
                .run(List.of(array(dx), array(dy)), array(result));
        if (add) {
            accumulate(result.first(images), dx.first(images));
        }
    }

    private static Window window(Layer.AveragePool layer) {
        return new Window(layer.kernel(), layer.stride(), layer.padding());
    }

    @Override
    public void maxPool(Layer.MaxPool layer, Shape in, Nd4jBuffer x, Nd4jBuffer y) {
        maxPool.computeIfAbsent(
                        window(layer), window -> new Operation("maxpool2d", arguments(window, 0, CHANNELS_LAST)))
                .run(List.of(array(x)), array(y));
    }

    @Override
    public void maxPoolGradient(
            Layer.MaxPool layer, Shape in, Nd4jBuffer x, Nd4jBuffer y, Nd4jBuffer dy, Nd4jBuffer dx, boolean add) {
        Nd4jBuffer result = add ? scratch(in) : dx;
        maxPoolGradient
                .computeIfAbsent(
                        window(layer), window -> new Operation("maxpool2d_bp", arguments(window, 0, CHANNELS_LAST)))
                .run(List.of(array(x), array(dy)), array(result));
        if (add) {
            accumulate(result.first(images), dx.first(images));
        }
    }

    private static Window window(Layer.MaxPool layer) {
        return new Window(layer.kernel(), layer.stride(), layer.padding());
    }

    @Override
    public void subsample(Layer.Subsample layer, Shape in, Nd4jBuffer x, Nd4jBuffer y) {
        array(y).assign(kept(layer, in, x));
    }

    @Override
    public void subsampleGradient(Layer.Subsample layer, Shape in, Nd4jBuffer dy, Nd4jBuffer dx, boolean add) {
        if (!add) {
            array(dx).assign(0);
        }
        kept(layer, in, dx).addi(array(dy));
    }

    /** The pixels that are kept, in the memory of the maps. */
    private INDArray kept(Layer.Subsample layer, Shape in, Nd4jBuffer maps) {
        return array(maps)
                .get(NDArrayIndex.all(), kept(layer, in.height()), kept(layer, in.width()), NDArrayIndex.all());
    }

    /** Of a side; ND4J takes a stride only where a second pixel is kept. */
    private static INDArrayIndex kept(Layer.Subsample layer, int side) {
        return layer.first() + layer.stride() < side
                ? NDArrayIndex.interval(layer.first(), layer.stride(), side)
                : NDArrayIndex.interval(layer.first(), layer.first() + 1);
    }

    @Override
    public void concatenate(Shape each, List<Nd4jBuffer> inputs, Nd4jBuffer y) {
        concatenate.run(inputs.stream().map(this::array).toList(), array(y));
    }

    @Override
    public void concatenateGradient(Shape each, int inputs, int index, Nd4jBuffer dy, Nd4jBuffer dx, boolean add) {
        long from = (long) index * each.channels();
        INDArray part = array(dy)
                .get(
                        NDArrayIndex.all(),
                        NDArrayIndex.all(),
                        NDArrayIndex.all(),
                        NDArrayIndex.interval(from, from + each.channels()));
        if (add) {
            array(dx).addi(part);
        } else {
            array(dx).assign(part);
        }
    }

    @Override
    public void sum(Shape shape, List<Nd4jBuffer> inputs, Nd4jBuffer y) {
        add.run(List.of(array(inputs.get(0)), array(inputs.get(1))), array(y));
        inputs.subList(2, inputs.size()).forEach(input -> accumulate(input.first(images), y.first(images)));
    }

    @Override
    public void sumGradient(Shape shape, Nd4jBuffer dy, Nd4jBuffer dx, boolean add) {
        if (add) {
            accumulate(dy.first(images), dx.first(images));
        } else {
            array(dx).assign(array(dy));
        }
    }

    @Override
    public void globalAveragePool(Shape in, Nd4jBuffer x, Nd4jBuffer y) {
        imageMean.run(List.of(array(x)), matrix(y));
    }

    @Override
    public void globalAveragePoolGradient(Shape in, Nd4jBuffer dy, Nd4jBuffer dx, boolean add) {
        if (!add) {
            array(dx).assign(0);
        }
        INDArray share = array(scratch(new Shape(in.channels(), 1, 1)));
        share.assign(array(dy)).divi(in.pixels());
        this.add.run(List.of(array(dx), share), array(dx));
    }

    @Override
    public void linear(Layer.Linear layer, Nd4jBuffer x, Nd4jBuffer weight, Nd4jBuffer bias, Nd4jBuffer y) {
        product.run(List.of(matrix(x), weight.whole().matrix()), matrix(y));
        addChannels.run(List.of(array(y), bias.whole().array()), array(y));
    }

    @Override
    public void linearWeightGradient(
            Layer.Linear layer, Nd4jBuffer x, Nd4jBuffer dy, Nd4jBuffer dweight, Nd4jBuffer dbias) {
        transposedProductAdded.run(
                List.of(matrix(x), matrix(dy)), dweight.whole().matrix());
        View mean = channelMeans
                .computeIfAbsent(layer.outputs(), this::channelValues)
                .whole();
        product.run(List.of(averaging(images), matrix(dy)), mean.matrix());
        addScaled(images, mean.array(), dbias.whole().array());
    }

    @Override
    public void linearInputGradient(Layer.Linear layer, Nd4jBuffer weight, Nd4jBuffer dy, Nd4jBuffer dx, boolean add) {
        inputGradient(weight, dy, dx, add);
    }

    // A batch has a few hundred logits: what is done with them costs less here than as a dozen operations.

    @Override
    public PendingEvaluation evaluate(int classes, Nd4jBuffer logits) {
        float[] values = logits.whole().array().data().asFloat();
        int correct = 0;
        double loss = 0;
        for (int image = 0; image < images; image++) {
            int first = image * classes;
            int best = 0;
            for (int i = 1; i < classes; i++) {
                if (values[first + i] > values[first + best]) {
                    best = i;
                }
            }
            correct += best == labels[image] ? 1 : 0;
            loss += logOfSumOfExponentials(values, first, classes) - values[first + labels[image]];
        }
        return PendingEvaluation.of(new Evaluation(images, correct, loss));
    }

    @Override
    public void lossGradient(int classes, Nd4jBuffer logits, float scale, Nd4jBuffer dlogits) {
        float[] values = logits.whole().array().data().asFloat();
        for (int image = 0; image < images; image++) {
            int first = image * classes;
            double log = logOfSumOfExponentials(values, first, classes);
            for (int i = 0; i < classes; i++) {
                double probability = Math.exp(values[first + i] - log);
                values[first + i] = (float) (scale * (probability - (i == labels[image] ? 1 : 0)));
            }
        }
        dlogits.whole().array().data().setData(values);
    }

    @Override
    public void softmax(int classes, Nd4jBuffer logits, Nd4jBuffer probabilities) {
        float[] values = logits.whole().array().data().asFloat();
        for (int first = 0; first < images * classes; first += classes) {
            double log = logOfSumOfExponentials(values, first, classes);
            for (int i = first; i < first + classes; i++) {
                values[i] = (float) Math.exp(values[i] - log);
            }
        }
        probabilities.whole().array().data().setData(values);
    }

    @Override
    public void distillationGradient(
            int classes, Nd4jBuffer logits, Nd4jBuffer teacher, float labels, float imitation, Nd4jBuffer dlogits) {
        float[] values = logits.whole().array().data().asFloat();
        float[] imitated = teacher.whole().array().data().asFloat();
        for (int image = 0; image < images; image++) {
            int first = image * classes;
            double log = logOfSumOfExponentials(values, first, classes);
            for (int i = 0; i < classes; i++) {
                double probability = Math.exp(values[first + i] - log);
                values[first + i] = (float) (labels * (probability - (i == this.labels[image] ? 1 : 0))
                        + imitation * (probability - imitated[first + i]));
            }
        }
        dlogits.whole().array().data().setData(values);
    }

    private static double logOfSumOfExponentials(float[] values, int first, int count) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = first; i < first + count; i++) {
            largest = Math.max(largest, values[i]);
        }
        double sum = 0;
        for (int i = first; i < first + count; i++) {
            sum += Math.exp(values[i] - largest);
        }
        return largest + Math.log(sum);
    }

    @Override
    public void clear(Weight weight, Nd4jBuffer gradient) {
        gradient.whole().array().assign(0);
    }

    @Override
    public void update(List<Trained<Nd4jBuffer>> weights, float learningRate, Optimizer optimizer) {
        float scale = optimizer.clipping(() ->
                weights.stream().mapToDouble(one -> squaredNorm(one.gradient())).sum());
        for (Trained<Nd4jBuffer> one : weights) {
            update(one, scale, learningRate, optimizer);
        }
    }

    private static double squaredNorm(Nd4jBuffer gradient) {
        double norm = gradient.whole().array().norm2Number().doubleValue();
        return norm * norm;
    }

    private static void update(Trained<Nd4jBuffer> one, float scale, float learningRate, Optimizer optimizer) {
        INDArray w = one.values().whole().array();
        INDArray g = one.gradient().whole().array();
        INDArray m = one.momentum().whole().array();
        if (scale != 1) {
            g.muli(scale);
        }
        addScaled(optimizer.weightDecay(), w, g);
        m.muli(optimizer.momentum()).addi(g);
        addScaled(optimizer.momentum(), m, g);
        addScaled(-learningRate, g, w);
    }

    @Override
    public void average(Nd4jBuffer weight, float decay, Nd4jBuffer average) {
        bindThread();
        INDArray a = average.whole().array();
        a.muli(decay);
        addScaled(1 - decay, weight.whole().array(), a);
    }

    /** to += factor * from. */
    private static void addScaled(double factor, INDArray from, INDArray to) {
        Nd4j.exec(new Axpy(from, to, to, factor));
    }

    @Override
    public void rest() {
        bindThread();
        maps.forEach(Nd4jBuffer::close);
        maps.clear();
        List.of(scratchMaps, channelMeans, channelFactors, averaging, factorGradients, meanMaps, meanRows, staging)
                .forEach(Map::clear);
    }

    @Override
    public RuntimeException explained(RuntimeException failure) {
        return Nd4j.getEnvironment().isCPU() ? failure : DeviceLostException.explained(failure, "GPU " + device);
    }

    @Override
    public void close() {
        rest();
        weights.forEach(Nd4jBuffer::close);
    }
}
