package io.efsnas.supernet.graph;

import io.efsnas.network.Shape;
import io.efsnas.supernet.graph.Plan.Operation;

/**
 * Layers of a supernet: batch norms use the statistics of the batch, and nothing is left out.
 *
 * @param <B> a buffer
 */
record SupernetVariant<B>(Kernels<B> kernels, BufferPool<B> buffers) implements LayerVariant<B> {

    @Override
    public B batchNorm(Operation<B> norm, B x, B y) {
        B kept = buffers.takeChannelValues(kept(norm));
        if (norm.isAffine()) {
            kernels.affineBatchNorm(norm.in(), x, norm.value(0), norm.value(1), y, kept);
        } else {
            kernels.batchNorm(norm.in(), x, y, kept);
        }
        return kept;
    }

    @Override
    public void batchNormGradient(Operation<B> norm, B x, B y, B kept, B dy, B dx, boolean add) {
        if (norm.isAffine()) {
            kernels.affineBatchNormGradient(
                    norm.in(), x, kept, norm.value(0), dy, norm.gradient(0), norm.gradient(1), dx, add);
        } else {
            kernels.batchNormGradient(norm.in(), y, kept, dy, dx, add);
        }
    }

    @Override
    public void release(Operation<B> norm, B kept) {
        buffers.releaseChannelValues(kept(norm), kept);
    }

    /** How many values the gradient needs. */
    private static int kept(Operation<?> norm) {
        return (norm.isAffine() ? 2 : 1) * norm.in().channels();
    }

    @Override
    public void dropOut(Shape shape, B values) {}

    @Override
    public void dropPath(int path, Shape shape, B values) {}
}
