package io.efsnas.supernet.graph;

import io.efsnas.data.Batch;
import io.efsnas.data.format.ImageSet;
import io.efsnas.network.Layer;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.supernet.machine.KernelProfile;
import java.util.List;

/**
 * Kernels that keep a profile of what each call takes.
 *
 * @param <B> a buffer
 */
public final class ProfiledKernels<B> implements Kernels<B> {

    private final Kernels<B> kernels;
    private final KernelProfile profile;
    private int images;

    public ProfiledKernels(Kernels<B> kernels, KernelProfile profile) {
        this.kernels = kernels;
        this.profile = profile;
    }

    /** Values that a call reads and writes, and operations, are those of one image. */
    private void timed(String kernel, Shape shape, long values, long operations, Runnable call) {
        long start = System.nanoTime();
        call.run();
        String label = kernel + ", " + shape.channels() + "x" + shape.height() + "x" + shape.width();
        profile.add(label, System.nanoTime() - start, values * images * Float.BYTES, operations * images);
    }

    private static String label(String name, int kernel, int stride) {
        String size = " " + kernel + "x" + kernel;
        return name + size + (stride == 1 ? "" : " stride " + stride);
    }

    private static long products(Layer.Convolution layer, Shape in) {
        return layer.cost(layer.output(in)).flops();
    }

    /** The values that a gradient writes, which it reads too where it adds to them. */
    private static long written(Shape shape, boolean add) {
        return (add ? 2L : 1L) * shape.size();
    }

    @Override
    public B featureMaps(Shape shape) {
        return kernels.featureMaps(shape);
    }

    @Override
    public B channelValues(int channels) {
        return kernels.channelValues(channels);
    }

    @Override
    public B weight(Weight weight) {
        return kernels.weight(weight);
    }

    @Override
    public void write(Weight weight, float[] values, B to) {
        kernels.write(weight, values, to);
    }

    @Override
    public void read(Weight weight, B from, float[] values) {
        kernels.read(weight, from, values);
    }

    @Override
    public void images(Batch batch, B to) {
        images = batch.size();
        timed("images", batch.shape(), 2L * batch.shape().size(), 0, () -> kernels.images(batch, to));
    }

    @Override
    public void read(Shape shape, B from, float[] values) {
        kernels.read(shape, from, values);
    }

    @Override
    public void convolution(Layer.Convolution layer, Shape in, B x, B weight, B y) {
        long values = (long) in.size() + layer.output(in).size();
        timed(
                label("convolution", layer.kernel(), layer.stride()),
                in,
                values,
                2 * products(layer, in),
                () -> kernels.convolution(layer, in, x, weight, y));
    }

    @Override
    public void convolutionGradient(
            Layer.Convolution layer, Shape in, B x, B weight, B dy, B dweight, B dx, boolean add) {
        long values = in.size()
                + layer.output(in).size()
                + (dx == null ? 0 : layer.output(in).size() + written(in, add));
        timed(
                label("convolution gradient", layer.kernel(), layer.stride()),
                in,
                values,
                (dx == null ? 2 : 4) * products(layer, in),
                () -> kernels.convolutionGradient(layer, in, x, weight, dy, dweight, dx, add));
    }

    @Override
    public void depthwise(Layer.Depthwise layer, Shape in, B x, B weight, B y) {
        Shape out = layer.output(in);
        timed(
                label("depthwise", layer.kernel(), layer.stride()),
                in,
                (long) in.size() + out.size(),
                2 * layer.cost(out).flops(),
                () -> kernels.depthwise(layer, in, x, weight, y));
    }

    @Override
    public void depthwiseGradient(Layer.Depthwise layer, Shape in, B x, B weight, B dy, B dweight, B dx, boolean add) {
        Shape out = layer.output(in);
        long values = (long) in.size() + out.size() + (dx == null ? 0 : out.size() + written(in, add));
        timed(
                label("depthwise gradient", layer.kernel(), layer.stride()),
                in,
                values,
                (dx == null ? 2 : 4) * layer.cost(out).flops(),
                () -> kernels.depthwiseGradient(layer, in, x, weight, dy, dweight, dx, add));
    }

    @Override
    public void batchNorm(Shape shape, B x, B y, B inverseDeviation) {
        timed(
                "batch norm",
                shape,
                3L * shape.size(),
                5L * shape.size(),
                () -> kernels.batchNorm(shape, x, y, inverseDeviation));
    }

    @Override
    public void batchNormGradient(Shape shape, B y, B inverseDeviation, B dy, B dx, boolean add) {
        timed(
                "batch norm gradient",
                shape,
                4L * shape.size() + written(shape, add),
                7L * shape.size(),
                () -> kernels.batchNormGradient(shape, y, inverseDeviation, dy, dx, add));
    }

    @Override
    public void moments(Shape shape, B x, double[] mean, double[] variance) {
        timed(
                "batch norm moments",
                shape,
                shape.size(),
                3L * shape.size(),
                () -> kernels.moments(shape, x, mean, variance));
    }

    @Override
    public void fixedBatchNorm(Shape shape, B x, double[] mean, double[] variance, B y) {
        timed(
                "fixed batch norm",
                shape,
                2L * shape.size(),
                2L * shape.size(),
                () -> kernels.fixedBatchNorm(shape, x, mean, variance, y));
    }

    @Override
    public void affineBatchNorm(Shape shape, B x, B scale, B shift, B y, B moments) {
        timed(
                "batch norm",
                shape,
                3L * shape.size(),
                6L * shape.size(),
                () -> kernels.affineBatchNorm(shape, x, scale, shift, y, moments));
    }

    @Override
    public void affineBatchNormGradient(
            Shape shape, B x, B moments, B scale, B dy, B dscale, B dshift, B dx, boolean add) {
        timed(
                "batch norm gradient",
                shape,
                4L * shape.size() + written(shape, add),
                8L * shape.size(),
                () -> kernels.affineBatchNormGradient(shape, x, moments, scale, dy, dscale, dshift, dx, add));
    }

    @Override
    public void fixedBatchNorm(Shape shape, B x, double[] mean, double[] variance, B scale, B shift, B y) {
        timed(
                "fixed batch norm",
                shape,
                2L * shape.size(),
                2L * shape.size(),
                () -> kernels.fixedBatchNorm(shape, x, mean, variance, scale, shift, y));
    }

    @Override
    public void relu(Shape shape, B x, B y) {
        timed("relu", shape, 2L * shape.size(), shape.size(), () -> kernels.relu(shape, x, y));
    }

    @Override
    public void reluGradient(Shape shape, B y, B dy, B dx, boolean add) {
        timed(
                "relu gradient",
                shape,
                2L * shape.size() + written(shape, add),
                shape.size(),
                () -> kernels.reluGradient(shape, y, dy, dx, add));
    }

    @Override
    public void relu6(Shape shape, B x, B y) {
        timed("relu6", shape, 2L * shape.size(), 2L * shape.size(), () -> kernels.relu6(shape, x, y));
    }

    @Override
    public void relu6Gradient(Shape shape, B y, B dy, B dx, boolean add) {
        timed(
                "relu6 gradient",
                shape,
                2L * shape.size() + written(shape, add),
                2L * shape.size(),
                () -> kernels.relu6Gradient(shape, y, dy, dx, add));
    }

    @Override
    public void hardSigmoid(Shape shape, B x, B y) {
        timed("hard sigmoid", shape, 2L * shape.size(), 4L * shape.size(), () -> kernels.hardSigmoid(shape, x, y));
    }

    @Override
    public void hardSigmoidGradient(Shape shape, B y, B dy, B dx, boolean add) {
        timed(
                "hard sigmoid gradient",
                shape,
                2L * shape.size() + written(shape, add),
                2L * shape.size(),
                () -> kernels.hardSigmoidGradient(shape, y, dy, dx, add));
    }

    @Override
    public void scaleChannels(Shape shape, B x, B factors, B y, boolean add) {
        timed(
                "channel scale",
                shape,
                shape.size() + shape.channels() + written(shape, add),
                shape.size(),
                () -> kernels.scaleChannels(shape, x, factors, y, add));
    }

    @Override
    public void channelFactorGradient(Shape shape, B x, B dy, B dfactors, boolean add) {
        timed(
                "channel factor gradient",
                shape,
                2L * shape.size() + shape.channels(),
                2L * shape.size(),
                () -> kernels.channelFactorGradient(shape, x, dy, dfactors, add));
    }

    @Override
    public void averagePool(Layer.AveragePool layer, Shape in, B x, B y) {
        Shape out = layer.output(in);
        timed(
                "average pool " + layer.kernel() + "x" + layer.kernel(),
                in,
                in.size() + out.size(),
                (long) out.size() * layer.kernel() * layer.kernel(),
                () -> kernels.averagePool(layer, in, x, y));
    }

    @Override
    public void averagePoolGradient(Layer.AveragePool layer, Shape in, B dy, B dx, boolean add) {
        Shape out = layer.output(in);
        timed(
                "average pool gradient " + layer.kernel() + "x" + layer.kernel(),
                in,
                out.size() + written(in, add),
                (long) out.size() * layer.kernel() * layer.kernel(),
                () -> kernels.averagePoolGradient(layer, in, dy, dx, add));
    }

    @Override
    public void maxPool(Layer.MaxPool layer, Shape in, B x, B y) {
        Shape out = layer.output(in);
        timed(
                "max pool " + layer.kernel() + "x" + layer.kernel(),
                in,
                in.size() + out.size(),
                (long) out.size() * layer.kernel() * layer.kernel(),
                () -> kernels.maxPool(layer, in, x, y));
    }

    @Override
    public void maxPoolGradient(Layer.MaxPool layer, Shape in, B x, B y, B dy, B dx, boolean add) {
        Shape out = layer.output(in);
        timed(
                "max pool gradient " + layer.kernel() + "x" + layer.kernel(),
                in,
                in.size() + 2L * out.size() + written(in, add),
                (long) out.size() * layer.kernel() * layer.kernel(),
                () -> kernels.maxPoolGradient(layer, in, x, y, dy, dx, add));
    }

    @Override
    public void subsample(Layer.Subsample layer, Shape in, B x, B y) {
        timed("subsample", in, 2L * layer.output(in).size(), 0, () -> kernels.subsample(layer, in, x, y));
    }

    @Override
    public void subsampleGradient(Layer.Subsample layer, Shape in, B dy, B dx, boolean add) {
        timed(
                "subsample gradient",
                in,
                layer.output(in).size() + written(in, add),
                0,
                () -> kernels.subsampleGradient(layer, in, dy, dx, add));
    }

    @Override
    public void concatenate(Shape each, List<B> inputs, B y) {
        timed("concatenate", each, 2L * inputs.size() * each.size(), 0, () -> kernels.concatenate(each, inputs, y));
    }

    @Override
    public void concatenateGradient(Shape each, int inputs, int index, B dy, B dx, boolean add) {
        timed(
                "concatenate gradient",
                each,
                each.size() + written(each, add),
                0,
                () -> kernels.concatenateGradient(each, inputs, index, dy, dx, add));
    }

    @Override
    public void sum(Shape shape, List<B> inputs, B y) {
        timed(
                "sum",
                shape,
                (inputs.size() + 1L) * shape.size(),
                (inputs.size() - 1L) * shape.size(),
                () -> kernels.sum(shape, inputs, y));
    }

    @Override
    public void sumGradient(Shape shape, B dy, B dx, boolean add) {
        timed(
                "sum gradient",
                shape,
                shape.size() + written(shape, add),
                add ? shape.size() : 0,
                () -> kernels.sumGradient(shape, dy, dx, add));
    }

    @Override
    public void globalAveragePool(Shape in, B x, B y) {
        timed("global average pool", in, in.size(), in.size(), () -> kernels.globalAveragePool(in, x, y));
    }

    @Override
    public void globalAveragePoolGradient(Shape in, B dy, B dx, boolean add) {
        timed(
                "global average pool gradient",
                in,
                written(in, add),
                in.size(),
                () -> kernels.globalAveragePoolGradient(in, dy, dx, add));
    }

    @Override
    public void linear(Layer.Linear layer, B x, B weight, B bias, B y) {
        timed("linear", linear(layer), values(layer), products(layer), () -> kernels.linear(layer, x, weight, bias, y));
    }

    @Override
    public void linearWeightGradient(Layer.Linear layer, B x, B dy, B dweight, B dbias) {
        timed(
                "linear weight gradient",
                linear(layer),
                values(layer),
                products(layer),
                () -> kernels.linearWeightGradient(layer, x, dy, dweight, dbias));
    }

    @Override
    public void linearInputGradient(Layer.Linear layer, B weight, B dy, B dx, boolean add) {
        timed(
                "linear input gradient",
                linear(layer),
                values(layer),
                products(layer),
                () -> kernels.linearInputGradient(layer, weight, dy, dx, add));
    }

    private static Shape linear(Layer.Linear layer) {
        return new Shape(layer.inputs(), 1, 1);
    }

    private static long values(Layer.Linear layer) {
        return (long) layer.inputs() + layer.outputs();
    }

    private static long products(Layer.Linear layer) {
        return 2L * layer.inputs() * layer.outputs();
    }

    @Override
    public PendingEvaluation evaluate(int classes, B logits) {
        return kernels.evaluate(classes, logits);
    }

    @Override
    public void lossGradient(int classes, B logits, float scale, B dlogits) {
        kernels.lossGradient(classes, logits, scale, dlogits);
    }

    @Override
    public void softmax(int classes, B logits, B probabilities) {
        kernels.softmax(classes, logits, probabilities);
    }

    @Override
    public void distillationGradient(int classes, B logits, B teacher, float labels, float imitation, B dlogits) {
        kernels.distillationGradient(classes, logits, teacher, labels, imitation, dlogits);
    }

    @Override
    public void average(B weight, float decay, B average) {
        kernels.average(weight, decay, average);
    }

    @Override
    public void clear(Weight weight, B gradient) {
        kernels.clear(weight, gradient);
    }

    @Override
    public void update(List<Trained<B>> weights, float learningRate, Optimizer optimizer) {
        long values = weights.stream().mapToLong(one -> one.weight().size()).sum();
        long start = System.nanoTime();
        kernels.update(weights, learningRate, optimizer);
        profile.add("update", System.nanoTime() - start, 5L * Float.BYTES * values, 7L * values);
    }

    @Override
    public boolean keeps(ImageSet set) {
        return kernels.keeps(set);
    }

    @Override
    public RuntimeException explained(RuntimeException failure) {
        return kernels.explained(failure);
    }

    @Override
    public void rest() {
        kernels.rest();
    }

    @Override
    public void close() {
        kernels.close();
    }
}
