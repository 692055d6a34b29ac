package io.efsnas.supernet.graph;

import io.efsnas.network.Shape;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import java.util.List;

/**
 * The arithmetic of a final network, where it differs from that of a supernet.
 *
 * @param <B> a buffer of numbers
 */
public interface FinalKernels<B> extends Kernels<B> {

    /** How much of the running statistics a batch's replace, as in PyTorch. */
    double STATISTICS_MOMENTUM = 0.1;

    /**
     * What a batch norm learns and keeps: buffers of weights with one value per channel.
     *
     * @param mean the running mean
     * @param variance the running variance, that of a sample
     * @param <B> a buffer
     */
    record Norm<B>(B scale, B shift, B mean, B variance) {}

    /**
     * The same as {@link #affineBatchNorm(Shape, Object, Object, Object, Object, Object)}, and the running statistics move by
     * those of the batch.
     */
    void affineBatchNorm(Shape shape, B x, Norm<B> norm, B y, B moments);

    /** The same with the running statistics, which stay as they are. */
    void runningBatchNorm(Shape shape, B x, Norm<B> norm, B y);

    /**
     * Correct answers, and the sum of cross entropies with labels of which a share is spread evenly over all classes.
     *
     * @param smoothing the share, 0 to below 1
     */
    PendingEvaluation evaluate(int classes, B logits, double smoothing);

    /** The gradient of {@code scale} times that sum. */
    void lossGradient(int classes, B logits, double smoothing, float scale, B dlogits);

    /** Scales the gradients to {@code optimizer.gradientClip} if their Euclidean norm, all together, is above it. */
    void clip(List<Trained<B>> weights, Optimizer optimizer);

    /**
     * Multiplies feature maps by factors.
     *
     * @param factors in the order of {@link #read(Shape, Object, float[])}
     */
    void multiply(Shape shape, B x, float[] factors);

    /**
     * Multiplies the feature maps of each image by a factor.
     *
     * @param at where the factor of the first image is among {@code factors}; those of the others follow
     */
    void multiplyImages(Shape shape, B x, float[] factors, int at);
}
