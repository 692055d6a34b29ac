package io.efsnas.supernet.graph;

import io.efsnas.data.Batch;
import io.efsnas.data.format.ImageSet;
import io.efsnas.network.Layer;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import java.util.List;

/**
 * The arithmetic of a supernet. Every kernel fills the buffers that it is given, or replaces what is in them. A buffer of
 * feature maps takes the largest batch; kernels work on the images of the batch that was last given to {@link #images}.
 * How a buffer is laid out is the implementation's business.
 *
 * <p>Gradients are named after what they are the loss's derivative of: {@code dx} is the gradient of {@code x}. Where a
 * kernel takes {@code add}, it adds to {@code dx} if true and overwrites it if false. Gradients of weights are always
 * added to.
 *
 * <p>Used by one thread at a time.
 *
 * @param <B> a buffer of numbers
 */
public interface Kernels<B> extends AutoCloseable {

    /** A buffer for one feature map of this shape per image; its content is undefined. */
    B featureMaps(Shape shape);

    /** A buffer for one value per channel; its content is undefined. */
    B channelValues(int channels);

    /** A buffer for a weight, its gradient or its momentum, filled with zeros. */
    B weight(Weight weight);

    /** Copies a weight's values, in row-major order of its shape, into its buffer. */
    void write(Weight weight, float[] values, B to);

    /** Copies a weight's values out, in row-major order of its shape. */
    void read(Weight weight, B from, float[] values);

    /** Takes over the images and labels of a batch, which from now on says how many images there are. */
    void images(Batch batch, B to);

    /** Copies the feature maps of the batch's images out, as {@code [image][channel][row][column]}. */
    void read(Shape shape, B from, float[] values);

    /** y = x * weight. */
    void convolution(Layer.Convolution layer, Shape in, B x, B weight, B y);

    /**
     * Adds the gradient of a convolution's weight, and computes that of its input.
     *
     * @param dweight null if nobody needs it
     * @param dx null if nobody needs it, as for the first layer, whose input is the image
     */
    void convolutionGradient(Layer.Convolution layer, Shape in, B x, B weight, B dy, B dweight, B dx, boolean add);

    /** y = x * weight, channel by channel. */
    void depthwise(Layer.Depthwise layer, Shape in, B x, B weight, B y);

    /**
     * Adds the gradient of a depthwise convolution's weight, and computes that of its input.
     *
     * @param dweight null if nobody needs it
     * @param dx null if nobody needs it
     */
    void depthwiseGradient(Layer.Depthwise layer, Shape in, B x, B weight, B dy, B dweight, B dx, boolean add);

    /**
     * y = (x - mean) / sqrt(variance + 1e-5) with the mean and (biased) variance of each channel over the batch.
     *
     * @param y may be the same buffer as {@code x}
     * @param inverseDeviation takes 1 / sqrt(variance + 1e-5) of each channel, for the gradient
     */
    void batchNorm(Shape shape, B x, B y, B inverseDeviation);

    /** The gradient of a batch norm's input, which depends on the batch's statistics too, from its output. */
    void batchNormGradient(Shape shape, B y, B inverseDeviation, B dy, B dx, boolean add);

    /**
     * The mean of each channel over the batch, and its variance, that of a sample.
     *
     * @param mean takes the means
     * @param variance takes the variances
     */
    void moments(Shape shape, B x, double[] mean, double[] variance);

    /**
     * y = (x - mean) / sqrt(variance + 1e-5) with the given mean and variance of each channel.
     *
     * @param y may be the same buffer as {@code x}
     */
    void fixedBatchNorm(Shape shape, B x, double[] mean, double[] variance, B y);

    /**
     * The same as {@link #batchNorm}, then each channel times its scale plus its shift.
     *
     * @param y not the buffer of {@code x}, which the gradient needs
     * @param moments takes what the gradient needs of the statistics: a buffer for twice as many values as there are
     *     channels
     */
    void affineBatchNorm(Shape shape, B x, B scale, B shift, B y, B moments);

    /** The gradient of its input, from its input; adds the gradients of scale and shift. */
    void affineBatchNormGradient(Shape shape, B x, B moments, B scale, B dy, B dscale, B dshift, B dx, boolean add);

    /** The same as {@link #fixedBatchNorm(Shape, Object, double[], double[], Object)}, then scaled and shifted. */
    void fixedBatchNorm(Shape shape, B x, double[] mean, double[] variance, B scale, B shift, B y);

    /** y = max(x, 0). */
    void relu(Shape shape, B x, B y);

    /** dx = dy where y is above 0, else 0. */
    void reluGradient(Shape shape, B y, B dy, B dx, boolean add);

    /** y = min(max(x, 0), 6). */
    void relu6(Shape shape, B x, B y);

    /** dx = dy where y is above 0 and below 6, else 0. */
    void relu6Gradient(Shape shape, B y, B dy, B dx, boolean add);

    /** y = min(max(x + 3, 0), 6) / 6. */
    void hardSigmoid(Shape shape, B x, B y);

    /** dx = dy / 6 where y is above 0 and below 1, else 0. */
    void hardSigmoidGradient(Shape shape, B y, B dy, B dx, boolean add);

    /**
     * y = x, each channel of an image times its factor; or adds that to y. The gradient of x is the same of dy.
     *
     * @param factors maps of one pixel, with as many channels
     */
    void scaleChannels(Shape shape, B x, B factors, B y, boolean add);

    /** dfactors = the sum of x dy over all pixels of each channel of an image; or adds that. */
    void channelFactorGradient(Shape shape, B x, B dy, B dfactors, boolean add);

    /** The mean over a window; pixels outside the image are not counted. */
    void averagePool(Layer.AveragePool layer, Shape in, B x, B y);

    void averagePoolGradient(Layer.AveragePool layer, Shape in, B dy, B dx, boolean add);

    /** The largest value of a window; pixels outside the image are not counted. */
    void maxPool(Layer.MaxPool layer, Shape in, B x, B y);

    /** Each dy goes to the pixel that its y is the value of, of several ones to the first, row by row. */
    void maxPoolGradient(Layer.MaxPool layer, Shape in, B x, B y, B dy, B dx, boolean add);

    /** y = the pixels of x that are kept. */
    void subsample(Layer.Subsample layer, Shape in, B x, B y);

    /** dx = dy where a pixel is kept, else 0. */
    void subsampleGradient(Layer.Subsample layer, Shape in, B dy, B dx, boolean add);

    /** y = the sum of the inputs, of which there are at least two; the same buffer may be among them twice. */
    void sum(Shape shape, List<B> inputs, B y);

    /** dx = dy, or dx += dy. */
    void sumGradient(Shape shape, B dy, B dx, boolean add);

    /**
     * y = the channels of the inputs, of which there are at least two; the same buffer may be among them twice.
     *
     * @param each the shape of each input
     */
    void concatenate(Shape each, List<B> inputs, B y);

    /**
     * The gradient of one of the inputs.
     *
     * @param inputs how many of them there are
     * @param index which one it is, from 0
     */
    void concatenateGradient(Shape each, int inputs, int index, B dy, B dx, boolean add);

    /** y = the mean over all pixels of each channel. */
    void globalAveragePool(Shape in, B x, B y);

    void globalAveragePoolGradient(Shape in, B dy, B dx, boolean add);

    /** y = weight x + bias. */
    void linear(Layer.Linear layer, B x, B weight, B bias, B y);

    /** Adds the gradients of a linear layer's weight and bias. */
    void linearWeightGradient(Layer.Linear layer, B x, B dy, B dweight, B dbias);

    void linearInputGradient(Layer.Linear layer, B weight, B dy, B dx, boolean add);

    /** How well logits fit the labels: correct answers (the first largest logit wins) and sum of cross entropies. */
    PendingEvaluation evaluate(int classes, B logits);

    /** The gradient of {@code scale} times the sum of the images' cross entropies, with respect to the logits. */
    void lossGradient(int classes, B logits, float scale, B dlogits);

    /** The class probabilities of each image. */
    void softmax(int classes, B logits, B probabilities);

    /**
     * The gradient, with respect to the logits, of {@code labels} times the sum of the images' cross entropies plus {@code
     * imitation} times the sum of the Kullback-Leibler divergences of their class probabilities from a teacher's.
     *
     * @param teacher the teacher's class probabilities
     */
    void distillationGradient(int classes, B logits, B teacher, float labels, float imitation, B dlogits);

    /** Fills a weight's gradient with zeros. */
    void clear(Weight weight, B gradient);

    /**
     * A weight with what an optimizer step needs of it.
     *
     * @param <B> a buffer
     */
    record Trained<B>(Weight weight, B values, B gradient, B momentum) {}

    /**
     * One update by gradient descent with Nesterov momentum. The gradients are first scaled to {@code
     * optimizer.gradientClip} if their Euclidean norm, all together, is above it. Then with g = gradient + weightDecay *
     * weight, momentum becomes m = optimizer.momentum * momentum + g, and the weight loses learningRate * (g +
     * optimizer.momentum * m). What is left in the gradients is undefined, and, with an optimizer.momentum of 0, in the
     * momenta.
     */
    void update(List<Trained<B>> weights, float learningRate, Optimizer optimizer);

    /** Turns the moving average of a weight into {@code decay} times itself plus {@code 1 - decay} times the weight. */
    void average(B weight, float decay, B average);

    /** Whether batches of these images are made on the device, see {@link io.efsnas.supernet.Supernet#keeps}. */
    default boolean keeps(ImageSet images) {
        return false;
    }

    /** Gives back the memory of all feature maps and channel values, whose buffers are not used again. */
    default void rest() {}

    /**
     * The failure of a kernel in one line for users: what to lower where memory ran out, a {@link
     * io.efsnas.supernet.DeviceLostException} where the process has lost its device.
     */
    default RuntimeException explained(RuntimeException failure) {
        return failure;
    }

    /** Frees all buffers and threads. */
    @Override
    void close();
}
