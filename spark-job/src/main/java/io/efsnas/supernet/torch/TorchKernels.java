package io.efsnas.supernet.torch;

import io.efsnas.data.Batch;
import io.efsnas.data.format.ImageSet;
import io.efsnas.network.Layer;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.MemoryShare;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.Precision;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.supernet.graph.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongArrayRefOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The arithmetic of a supernet in libtorch's operations. */
final class TorchKernels implements Kernels<TorchBuffer> {

    private static final double EPSILON = 1e-5;
    private static final long[] ONES = {1, 1};
    private static final long[] ZEROS = {0, 0};

    private final TorchDevice device;
    private final MemoryShare memory;
    private final ScalarType type;
    private final TorchUpdate update;
    private final List<TorchBuffer> weights = new ArrayList<>();
    private final List<TorchBuffer> maps = new ArrayList<>();
    private final TorchBuffer labels;
    private final DeviceBatches batches;
    /** By the number of channels. */
    private final Map<Integer, Standard> standards = new HashMap<>();

    /** The statistics of maps that are normalised already: means of 0 and inverse deviations of 1. */
    private record Standard(TorchBuffer mean, TorchBuffer inverseDeviation) {

        void close() {
            mean.close();
            inverseDeviation.close();
        }
    }

    /**
     * @param device the device, which the kernels own
     * @param share the share of the device's memory that tensors may take, above 0 to 1
     */
    TorchKernels(TorchDevice device, double share, Precision precision) {
        this.device = device;
        this.memory = new MemoryShare((long) (share * device.memory()), device.toString());
        this.type = precision == Precision.BFLOAT16 ? ScalarType.BFloat16 : ScalarType.Float;
        device.bind();
        this.update = new TorchUpdate();
        this.labels = new TorchBuffer(memory);
        this.batches = new DeviceBatches(device, type);
    }

    @Override
    public TorchBuffer featureMaps(Shape shape) {
        return map();
    }

    @Override
    public TorchBuffer channelValues(int channels) {
        return map();
    }

    private TorchBuffer map() {
        TorchBuffer buffer = new TorchBuffer(memory);
        maps.add(buffer);
        return buffer;
    }

    @Override
    public TorchBuffer weight(Weight weight) {
        TorchBuffer buffer = new TorchBuffer(memory);
        weights.add(buffer);
        write(weight, new float[weight.size()], buffer);
        return buffer;
    }

    @Override
    public void write(Weight weight, float[] values, TorchBuffer to) {
        device.bind();
        try (PointerScope scope = new PointerScope()) {
            long[] shape = weight.shape().stream().mapToLong(Integer::longValue).toArray();
            Tensor row = WeightRows.row(Tensor.create(values, shape))
                    .to(device.device(), ScalarType.Float, false, true, null);
            to.set(row);
        }
    }

    @Override
    public void read(Weight weight, TorchBuffer from, float[] values) {
        device.bind();
        if (from.isEmpty()) {
            Arrays.fill(values, 0);
            return;
        }
        try (PointerScope scope = new PointerScope()) {
            Tensor shaped = WeightRows.shaped(weight, from.get()).contiguous().cpu();
            shaped.data_ptr_float().get(values);
        }
    }

    @Override
    public boolean keeps(ImageSet images) {
        return batches.keeps(images);
    }

    /** The classes of the batch's images. */
    Tensor labels() {
        return labels.get();
    }

    @Override
    public void images(Batch batch, TorchBuffer to) {
        batches.load(batch, to, labels);
    }

    @Override
    public void read(Shape shape, TorchBuffer from, float[] values) {
        device.bind();
        try (PointerScope scope = new PointerScope()) {
            Tensor copy = from.get().cpu().to(ScalarType.Float).contiguous(MemoryFormat.Contiguous);
            copy.data_ptr_float().get(values);
        }
    }

    @Override
    public void convolution(Layer.Convolution layer, Shape in, TorchBuffer x, TorchBuffer weight, TorchBuffer y) {
        y.close();
        try (PointerScope scope = new PointerScope()) {
            y.set(torch.convolution(
                    x.get(),
                    factor(layer, weight),
                    new TensorOptional(),
                    both(layer.stride()),
                    both(layer.padding()),
                    ONES,
                    false,
                    ZEROS,
                    1));
        }
    }

    @Override
    public void convolutionGradient(
            Layer.Convolution layer,
            Shape in,
            TorchBuffer x,
            TorchBuffer weight,
            TorchBuffer dy,
            TorchBuffer dweight,
            TorchBuffer dx,
            boolean add) {
        try (PointerScope scope = new PointerScope()) {
            // Of a single channel libtorch's gradient is wrong on some processors; so that channel is taken twice.
            boolean twice = layer.inputs() == 1 && dx != null;
            Tensor factor = factor(layer, weight);
            T_TensorTensorTensor_T gradients = torch.convolution_backward(
                    dy.get(),
                    twice ? twice(x.get()) : x.get(),
                    twice ? twice(factor) : factor,
                    new LongArrayRefOptional(),
                    gradientStride(layer.stride(), in),
                    both(layer.padding()),
                    ONES,
                    false,
                    ZEROS,
                    1,
                    mask(dx != null, dweight != null));
            if (dweight != null) {
                accumulate(WeightRows.row(gradients.get1().narrow(1, 0, layer.inputs())), dweight);
            }
            if (dx != null) {
                Tensor ofInput = gradients.get0().narrow(1, 0, layer.inputs());
                dx.put(twice ? DeviceBatches.channelsInnermost(ofInput, in) : ofInput, add);
            }
        }
    }

    @Override
    public void depthwise(Layer.Depthwise layer, Shape in, TorchBuffer x, TorchBuffer weight, TorchBuffer y) {
        y.close();
        try (PointerScope scope = new PointerScope()) {
            y.set(torch.convolution(
                    x.get(),
                    factor(layer, weight),
                    new TensorOptional(),
                    both(layer.stride()),
                    both(layer.padding()),
                    both(layer.dilation()),
                    false,
                    ZEROS,
                    layer.channels()));
        }
    }

    @Override
    public void depthwiseGradient(
            Layer.Depthwise layer,
            Shape in,
            TorchBuffer x,
            TorchBuffer weight,
            TorchBuffer dy,
            TorchBuffer dweight,
            TorchBuffer dx,
            boolean add) {
        try (PointerScope scope = new PointerScope()) {
            T_TensorTensorTensor_T gradients = torch.convolution_backward(
                    dy.get(),
                    x.get(),
                    factor(layer, weight),
                    new LongArrayRefOptional(),
                    gradientStride(layer.stride(), in),
                    both(layer.padding()),
                    both(layer.dilation()),
                    false,
                    ZEROS,
                    layer.channels(),
                    mask(dx != null, dweight != null));
            if (dweight != null) {
                accumulate(WeightRows.row(new Tensor(gradients.get1())), dweight);
            }
            if (dx != null) {
                dx.put(new Tensor(gradients.get0()), add);
            }
        }
    }

    private static Tensor twice(Tensor channel) {
        return torch.cat(new TensorVector(channel, channel), 1).contiguous(MemoryFormat.ChannelsLast);
    }

    private Tensor factor(Layer layer, TorchBuffer weight) {
        return WeightRows.shaped(layer.weights().get(0), weight.get()).to(type);
    }

    private static long[] both(int value) {
        return new long[] {value, value};
    }

    /**
     * With a longer stride over a single pixel oneDNN's gradient in bfloat16 leaves those weights unwritten that never meet
     * the pixel; and there a filter has one place, whatever its stride.
     */
    private static long[] gradientStride(int stride, Shape in) {
        return both(in.pixels() == 1 ? 1 : stride);
    }

    /** Which of a function's gradients are wanted. */
    private static BoolPointer mask(boolean first, boolean second) {
        return new BoolPointer(3).put(0, first).put(1, second).put(2, false);
    }

    private static void accumulate(Tensor gradient, TorchBuffer to) {
        to.put(gradient.to(ScalarType.Float), !to.isEmpty());
    }

    @Override
    public void batchNorm(Shape shape, TorchBuffer x, TorchBuffer y, TorchBuffer inverseDeviation) {
        try (PointerScope scope = new PointerScope()) {
            TensorOptional none = new TensorOptional();
            T_TensorTensorTensor_T results = torch.native_batch_norm(x.get(), none, none, none, none, true, 0, EPSILON);
            inverseDeviation.set(new Tensor(results.get2()));
            y.set(new Tensor(results.get0()));
        }
    }

    /** The variance is that of libtorch's inverse deviation, which it gives in any precision as float32. */
    @Override
    public void moments(Shape shape, TorchBuffer x, double[] mean, double[] variance) {
        try (PointerScope scope = new PointerScope()) {
            TensorOptional none = new TensorOptional();
            T_TensorTensorTensor_T results = torch.native_batch_norm(x.get(), none, none, none, none, true, 0, EPSILON);
            float[] means = floats(new Tensor(results.get1()), mean.length);
            float[] inverses = floats(new Tensor(results.get2()), mean.length);
            double count = (double) x.get().size(0) * shape.pixels();
            for (int channel = 0; channel < mean.length; channel++) {
                mean[channel] = means[channel];
                double ofAll = Math.max(0, 1 / ((double) inverses[channel] * inverses[channel]) - EPSILON);
                variance[channel] = ofAll * count / Math.max(1, count - 1);
            }
        }
    }

    private static float[] floats(Tensor tensor, int count) {
        float[] values = new float[count];
        tensor.cpu().to(ScalarType.Float).contiguous().data_ptr_float().get(values);
        return values;
    }

    @Override
    public void fixedBatchNorm(Shape shape, TorchBuffer x, double[] mean, double[] variance, TorchBuffer y) {
        try (PointerScope scope = new PointerScope()) {
            TensorOptional none = new TensorOptional();
            fixedBatchNorm(x, mean, variance, none, none, y);
        }
    }

    @Override
    public void affineBatchNorm(
            Shape shape, TorchBuffer x, TorchBuffer scale, TorchBuffer shift, TorchBuffer y, TorchBuffer moments) {
        try (PointerScope scope = new PointerScope()) {
            TensorOptional none = new TensorOptional();
            T_TensorTensorTensor_T results = torch.native_batch_norm(
                    x.get(),
                    new TensorOptional(scale.get()),
                    new TensorOptional(shift.get()),
                    none,
                    none,
                    true,
                    0,
                    EPSILON);
            moments.set(torch.cat(new TensorVector(new Tensor(results.get1()), new Tensor(results.get2()))));
            y.set(new Tensor(results.get0()));
        }
    }

    @Override
    public void affineBatchNormGradient(
            Shape shape,
            TorchBuffer x,
            TorchBuffer moments,
            TorchBuffer scale,
            TorchBuffer dy,
            TorchBuffer dscale,
            TorchBuffer dshift,
            TorchBuffer dx,
            boolean add) {
        try (PointerScope scope = new PointerScope()) {
            TensorOptional none = new TensorOptional();
            int channels = shape.channels();
            T_TensorTensorTensor_T gradients = torch.native_batch_norm_backward(
                    dy.get(),
                    x.get(),
                    new TensorOptional(scale.get()),
                    none,
                    none,
                    new TensorOptional(moments.get().narrow(0, 0, channels)),
                    new TensorOptional(moments.get().narrow(0, channels, channels)),
                    true,
                    EPSILON,
                    mask(true, true).put(2, true));
            accumulate(new Tensor(gradients.get1()), dscale);
            accumulate(new Tensor(gradients.get2()), dshift);
            dx.put(new Tensor(gradients.get0()), add);
        }
    }

    @Override
    public void fixedBatchNorm(
            Shape shape,
            TorchBuffer x,
            double[] mean,
            double[] variance,
            TorchBuffer scale,
            TorchBuffer shift,
            TorchBuffer y) {
        try (PointerScope scope = new PointerScope()) {
            fixedBatchNorm(x, mean, variance, new TensorOptional(scale.get()), new TensorOptional(shift.get()), y);
        }
    }

    private void fixedBatchNorm(
            TorchBuffer x,
            double[] mean,
            double[] variance,
            TensorOptional scale,
            TensorOptional shift,
            TorchBuffer y) {
        T_TensorTensorTensor_T results = torch.native_batch_norm(
                x.get(),
                scale,
                shift,
                new TensorOptional(channels(mean)),
                new TensorOptional(channels(variance)),
                false,
                0,
                EPSILON);
        y.set(new Tensor(results.get0()));
    }

    private Tensor channels(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return Tensor.create(floats, (long) floats.length).to(device.device(), ScalarType.Float, false, true, null);
    }

    /**
     * libtorch's gradient starts from the input. A norm of mean 0 and deviation 1 that is scaled by the true inverse
     * deviation, and whose input is the true output, has the same gradient.
     */
    @Override
    public void batchNormGradient(
            Shape shape, TorchBuffer y, TorchBuffer inverseDeviation, TorchBuffer dy, TorchBuffer dx, boolean add) {
        try (PointerScope scope = new PointerScope()) {
            TensorOptional none = new TensorOptional();
            Standard standard = standards.computeIfAbsent(shape.channels(), any -> standard(inverseDeviation.get()));
            T_TensorTensorTensor_T gradients = torch.native_batch_norm_backward(
                    dy.get(),
                    y.get(),
                    new TensorOptional(inverseDeviation.get()),
                    none,
                    none,
                    new TensorOptional(standard.mean().get()),
                    new TensorOptional(standard.inverseDeviation().get()),
                    true,
                    EPSILON,
                    mask(true, false));
            dx.put(new Tensor(gradients.get0()), add);
        }
    }

    private Standard standard(Tensor like) {
        Standard standard = new Standard(new TorchBuffer(memory), new TorchBuffer(memory));
        standard.mean().set(torch.zeros_like(like));
        standard.inverseDeviation().set(torch.ones_like(like));
        return standard;
    }

    @Override
    public void relu(Shape shape, TorchBuffer x, TorchBuffer y) {
        y.close();
        try (PointerScope scope = new PointerScope()) {
            y.set(torch.relu(x.get()));
        }
    }

    @Override
    public void reluGradient(Shape shape, TorchBuffer y, TorchBuffer dy, TorchBuffer dx, boolean add) {
        try (PointerScope scope = new PointerScope()) {
            dx.put(torch.threshold_backward(dy.get(), y.get(), new Scalar(0)), add);
        }
    }

    @Override
    public void relu6(Shape shape, TorchBuffer x, TorchBuffer y) {
        y.close();
        try (PointerScope scope = new PointerScope()) {
            y.set(torch.hardtanh(x.get(), new Scalar(0), new Scalar(6)));
        }
    }

    @Override
    public void relu6Gradient(Shape shape, TorchBuffer y, TorchBuffer dy, TorchBuffer dx, boolean add) {
        try (PointerScope scope = new PointerScope()) {
            dx.put(torch.hardtanh_backward(dy.get(), y.get(), new Scalar(0), new Scalar(6)), add);
        }
    }

    @Override
    public void hardSigmoid(Shape shape, TorchBuffer x, TorchBuffer y) {
        y.close();
        try (PointerScope scope = new PointerScope()) {
            y.set(torch.hardsigmoid(x.get()));
        }
    }

    /** libtorch's own starts from the input. */
    @Override
    public void hardSigmoidGradient(Shape shape, TorchBuffer y, TorchBuffer dy, TorchBuffer dx, boolean add) {
        try (PointerScope scope = new PointerScope()) {
            Tensor open = torch.hardtanh_backward(dy.get(), y.get(), new Scalar(0), new Scalar(1));
            dx.put(open.mul(new Scalar(1.0 / 6)), add);
        }
    }

    /** Factors come from linear layers, which compute in float32 whatever the precision of the maps. */
    @Override
    public void scaleChannels(Shape shape, TorchBuffer x, TorchBuffer factors, TorchBuffer y, boolean add) {
        try (PointerScope scope = new PointerScope()) {
            Tensor product = x.get().mul(factors.get().to(type));
            y.put(add ? product : DeviceBatches.channelsInnermost(product, shape), add);
        }
    }

    @Override
    public void channelFactorGradient(Shape shape, TorchBuffer x, TorchBuffer dy, TorchBuffer dfactors, boolean add) {
        try (PointerScope scope = new PointerScope()) {
            Tensor products = x.get().mul(dy.get());
            dfactors.put(products.sum(new long[] {2, 3}, true, new ScalarTypeOptional(ScalarType.Float)), add);
        }
    }

    @Override
    public void averagePool(Layer.AveragePool layer, Shape in, TorchBuffer x, TorchBuffer y) {
        y.close();
        try (PointerScope scope = new PointerScope()) {
            y.set(torch.avg_pool2d(
                    x.get(),
                    both(layer.kernel()),
                    both(layer.stride()),
                    both(layer.padding()),
                    false,
                    false,
                    new LongOptional()));
        }
    }

    /**
     * On GPUs libtorch's gradient of a padded pool is wrong where the channel is innermost (seen with 2.10 and 2.11), so
     * there it gets maps in the other order.
     */
    @Override
    public void averagePoolGradient(Layer.AveragePool layer, Shape in, TorchBuffer dy, TorchBuffer dx, boolean add) {
        try (PointerScope scope = new PointerScope()) {
            boolean planar = layer.padding() > 0 && device.device().is_cuda();
            Tensor upper = planar ? planar(dy.get(), layer.output(in)) : dy.get();
            // libtorch wants the input of the pool for its shape and order alone.
            Tensor input = upper.new_empty_strided(
                    new long[] {upper.size(0), in.channels(), in.height(), in.width()},
                    planar ? planarStrides(in) : DeviceBatches.strides(in));
            Tensor gradient = torch.avg_pool2d_backward(
                    upper,
                    input,
                    both(layer.kernel()),
                    both(layer.stride()),
                    both(layer.padding()),
                    false,
                    false,
                    new LongOptional());
            dx.put(planar ? DeviceBatches.channelsInnermost(gradient, in) : gradient, add);
        }
    }

    @Override
    public void maxPool(Layer.MaxPool layer, Shape in, TorchBuffer x, TorchBuffer y) {
        y.close();
        try (PointerScope scope = new PointerScope()) {
            y.set(new Tensor(pooled(layer, x).get0()));
        }
    }

    /** libtorch wants to know where the largest values are, which it finds once more: a supernet keeps feature maps alone. */
    @Override
    public void maxPoolGradient(
            Layer.MaxPool layer, Shape in, TorchBuffer x, TorchBuffer y, TorchBuffer dy, TorchBuffer dx, boolean add) {
        try (PointerScope scope = new PointerScope()) {
            Tensor gradient = torch.max_pool2d_with_indices_backward(
                    dy.get(),
                    x.get(),
                    both(layer.kernel()),
                    both(layer.stride()),
                    both(layer.padding()),
                    ONES,
                    false,
                    new Tensor(pooled(layer, x).get1()));
            dx.put(gradient, add);
        }
    }

    private static T_TensorTensor_T pooled(Layer.MaxPool layer, TorchBuffer x) {
        return torch.max_pool2d_with_indices(
                x.get(), both(layer.kernel()), both(layer.stride()), both(layer.padding()), ONES, false);
    }

    @Override
    public void subsample(Layer.Subsample layer, Shape in, TorchBuffer x, TorchBuffer y) {
        y.close();
        try (PointerScope scope = new PointerScope()) {
            y.set(DeviceBatches.channelsInnermost(kept(layer, x.get()), layer.output(in)));
        }
    }

    @Override
    public void subsampleGradient(Layer.Subsample layer, Shape in, TorchBuffer dy, TorchBuffer dx, boolean add) {
        try (PointerScope scope = new PointerScope()) {
            if (!add) {
                Tensor zeros = dy.get()
                        .new_empty_strided(
                                new long[] {dy.get().size(0), in.channels(), in.height(), in.width()},
                                DeviceBatches.strides(in));
                dx.set(zeros.zero_());
            }
            kept(layer, dx.get()).add_(dy.get());
        }
    }

    /** The pixels that are kept, in the memory of the maps. */
    static Tensor kept(Layer.Subsample layer, Tensor maps) {
        return every(layer, every(layer, maps, 2), 3);
    }

    private static Tensor every(Layer.Subsample layer, Tensor maps, long dimension) {
        return maps.slice(dimension, new LongOptional(layer.first()), new LongOptional(), layer.stride());
    }

    @Override
    public void concatenate(Shape each, List<TorchBuffer> inputs, TorchBuffer y) {
        y.close();
        try (PointerScope scope = new PointerScope()) {
            Tensor[] maps = inputs.stream().map(TorchBuffer::get).toArray(Tensor[]::new);
            Shape out = new Shape(inputs.size() * each.channels(), each.height(), each.width());
            y.set(DeviceBatches.channelsInnermost(torch.cat(new TensorVector(maps), 1), out));
        }
    }

    @Override
    public void concatenateGradient(Shape each, int inputs, int index, TorchBuffer dy, TorchBuffer dx, boolean add) {
        try (PointerScope scope = new PointerScope()) {
            Tensor part = dy.get().narrow(1, (long) index * each.channels(), each.channels());
            dx.put(add ? part : DeviceBatches.channelsInnermost(part.clone(), each), add);
        }
    }

    private static Tensor planar(Tensor maps, Shape shape) {
        return maps.contiguous(MemoryFormat.Contiguous)
                .as_strided(
                        new long[] {maps.size(0), shape.channels(), shape.height(), shape.width()},
                        planarStrides(shape));
    }

    private static long[] planarStrides(Shape shape) {
        return new long[] {shape.size(), shape.pixels(), shape.width(), 1};
    }

    @Override
    public void sum(Shape shape, List<TorchBuffer> inputs, TorchBuffer y) {
        y.close();
        try (PointerScope scope = new PointerScope()) {
            y.set(torch.add(inputs.get(0).get(), inputs.get(1).get()));
            inputs.subList(2, inputs.size()).forEach(input -> y.get().add_(input.get()));
        }
    }

    @Override
    public void sumGradient(Shape shape, TorchBuffer dy, TorchBuffer dx, boolean add) {
        try (PointerScope scope = new PointerScope()) {
            dx.put(add ? dy.get() : dy.get().clone(), add);
        }
    }

    @Override
    public void globalAveragePool(Shape in, TorchBuffer x, TorchBuffer y) {
        try (PointerScope scope = new PointerScope()) {
            y.set(torch.mean(x.get(), new long[] {2, 3}, true, new ScalarTypeOptional()));
        }
    }

    @Override
    public void globalAveragePoolGradient(Shape in, TorchBuffer dy, TorchBuffer dx, boolean add) {
        try (PointerScope scope = new PointerScope()) {
            Tensor share = dy.get().mul(new Scalar(1.0 / in.pixels()));
            Tensor everywhere = share.expand(share.size(0), in.channels(), in.height(), in.width());
            dx.put(add ? everywhere : everywhere.contiguous(MemoryFormat.ChannelsLast), add);
        }
    }

    @Override
    public void linear(Layer.Linear layer, TorchBuffer x, TorchBuffer weight, TorchBuffer bias, TorchBuffer y) {
        try (PointerScope scope = new PointerScope()) {
            Tensor w = WeightRows.shaped(layer.weights().get(0), weight.get());
            y.set(pixels(torch.addmm(bias.get(), matrix(x), w.t())));
        }
    }

    @Override
    public void linearWeightGradient(
            Layer.Linear layer, TorchBuffer x, TorchBuffer dy, TorchBuffer dweight, TorchBuffer dbias) {
        try (PointerScope scope = new PointerScope()) {
            accumulate(WeightRows.row(torch.mm(matrix(dy).t(), matrix(x))), dweight);
            accumulate(matrix(dy).sum(new long[] {0}, false, new ScalarTypeOptional()), dbias);
        }
    }

    @Override
    public void linearInputGradient(
            Layer.Linear layer, TorchBuffer weight, TorchBuffer dy, TorchBuffer dx, boolean add) {
        try (PointerScope scope = new PointerScope()) {
            Tensor w = WeightRows.shaped(layer.weights().get(0), weight.get());
            dx.put(pixels(torch.mm(matrix(dy), w)).to(type), add);
        }
    }

    /** Maps of one pixel as a matrix with a row for each image. */
    private static Tensor matrix(TorchBuffer maps) {
        return maps.get().reshape(maps.get().size(0), -1).to(ScalarType.Float);
    }

    private static Tensor pixels(Tensor matrix) {
        return matrix.view(matrix.size(0), matrix.size(1), 1, 1);
    }

    @Override
    public PendingEvaluation evaluate(int classes, TorchBuffer logits) {
        TorchBuffer correctAndLoss = new TorchBuffer(memory);
        try (PointerScope scope = new PointerScope()) {
            Tensor rows = matrix(logits);
            Tensor correct = torch.argmax(rows, new LongOptional(1), false)
                    .eq(labels.get())
                    .sum(new ScalarTypeOptional(ScalarType.Double));
            Tensor loss = torch.log_softmax(rows, 1, new ScalarTypeOptional(ScalarType.Double))
                    .gather(1, labels.get().view(-1, 1))
                    .sum(new ScalarTypeOptional(ScalarType.Double));
            correctAndLoss.set(torch.stack(new TensorVector(correct, loss)));
            return new Computing(device, (int) rows.size(0), correctAndLoss);
        }
    }

    /** Correct answers and the negative sum of losses, on their way from the device. */
    private static final class Computing implements PendingEvaluation {
        private final TorchDevice device;
        private final int images;
        private final TorchBuffer correctAndLoss;
        private Evaluation evaluation;

        Computing(TorchDevice device, int images, TorchBuffer correctAndLoss) {
            this.device = device;
            this.images = images;
            this.correctAndLoss = correctAndLoss;
        }

        @Override
        public boolean ready() {
            return device.isIdle();
        }

        @Override
        public Evaluation get() {
            if (evaluation == null) {
                device.bind();
                double[] values = new double[2];
                try (PointerScope scope = new PointerScope()) {
                    correctAndLoss.get().cpu().data_ptr_double().get(values);
                }
                correctAndLoss.close();
                evaluation = new Evaluation(images, values[0], -values[1]);
            }
            return evaluation;
        }
    }

    @Override
    public void lossGradient(int classes, TorchBuffer logits, float scale, TorchBuffer dlogits) {
        try (PointerScope scope = new PointerScope()) {
            Tensor probabilities = torch.softmax(matrix(logits), 1);
            dlogits.set(pixels(probabilities.sub_(ones(probabilities)).mul_(new Scalar(scale))));
        }
    }

    /** 1 at each image's class, 0 elsewhere. */
    private Tensor ones(Tensor probabilities) {
        return torch.zeros_like(probabilities).scatter(1, labels.get().view(-1, 1), new Scalar(1));
    }

    @Override
    public void softmax(int classes, TorchBuffer logits, TorchBuffer probabilities) {
        try (PointerScope scope = new PointerScope()) {
            probabilities.set(pixels(torch.softmax(matrix(logits), 1)));
        }
    }

    @Override
    public void distillationGradient(
            int classes,
            TorchBuffer logits,
            TorchBuffer teacher,
            float ofLabels,
            float imitation,
            TorchBuffer dlogits) {
        try (PointerScope scope = new PointerScope()) {
            Tensor probabilities = torch.softmax(matrix(logits), 1);
            Tensor wanted = ones(probabilities)
                    .mul_(new Scalar(ofLabels))
                    .add_(matrix(teacher).mul(new Scalar(imitation)));
            dlogits.set(
                    pixels(probabilities.mul_(new Scalar(ofLabels + imitation)).sub_(wanted)));
        }
    }

    @Override
    public void clear(Weight weight, TorchBuffer gradient) {
        gradient.close();
    }

    @Override
    public void update(List<Trained<TorchBuffer>> trained, float learningRate, Optimizer optimizer) {
        update.run(
                trained.stream().map(one -> one.values().get()).toList(),
                trained.stream().map(one -> one.gradient().get()).toList(),
                trained.stream().map(one -> one.momentum().get()).toList(),
                optimizer,
                learningRate);
    }

    @Override
    public void average(TorchBuffer weight, float decay, TorchBuffer average) {
        device.bind();
        try (PointerScope scope = new PointerScope()) {
            average.get().lerp_(weight.get(), new Scalar(1 - decay));
        }
    }

    @Override
    public void rest() {
        device.bind();
        letGo();
        device.giveBackMemory();
    }

    private void letGo() {
        maps.forEach(TorchBuffer::close);
        maps.clear();
        labels.close();
    }

    @Override
    public RuntimeException explained(RuntimeException failure) {
        return MemoryShare.isExhaustion(failure) ? memory.exhausted(failure) : device.explained(failure);
    }

    @Override
    public void close() {
        device.bind();
        device.await();
        letGo();
        weights.forEach(TorchBuffer::close);
        standards.values().forEach(Standard::close);
        batches.close();
        update.close();
        device.giveBackMemory();
        device.close();
    }
}
