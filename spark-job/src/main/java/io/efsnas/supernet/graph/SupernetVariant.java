package io.efsnas.supernet.graph;

import io.efsnas.network.Shape;
import io.efsnas.supernet.graph.Plan.Operation;

/**
 * Layers of a supernet: batch norms are not affine and use the statistics of the batch, and nothing is left out.
 *
 * @param <B> a buffer
 */
record SupernetVariant<B>(Kernels<B> kernels, BufferPool<B> buffers) implements LayerVariant<B> {

    @Override
    public B batchNorm(Operation<B> norm, B x, B y) {
        B inverseDeviation = buffers.takeChannelValues(norm.in().channels());
        kernels.batchNorm(norm.in(), x, y, inverseDeviation);
        return inverseDeviation;
    }

    @Override
    public void batchNormGradient(Operation<B> norm, B x, B y, B kept, B dy, B dx, boolean add) {
        kernels.batchNormGradient(norm.in(), y, kept, dy, dx, add);
    }

    @Override
    public void release(Operation<B> norm, B kept) {
        buffers.releaseChannelValues(norm.in().channels(), kept);
    }

    @Override
    public void dropOut(Shape shape, B values) {}

    @Override
    public void dropPath(int path, Shape shape, B values) {}
}
