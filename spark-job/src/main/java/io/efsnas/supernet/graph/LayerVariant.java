package io.efsnas.supernet.graph;

import io.efsnas.network.Shape;
import io.efsnas.supernet.graph.Plan.Operation;

/**
 * What the layers of a supernet and those of a final network do differently: batch norms, and what the classifier sees.
 *
 * @param <B> a buffer
 */
interface LayerVariant<B> {

    /**
     * Computes a batch norm.
     *
     * @return what its gradient needs beside its input and output; null if it will have none
     */
    B batchNorm(Operation<B> norm, B x, B y);

    /**
     * Computes the gradient of its input, and adds those of its weights if it has some.
     *
     * @param kept what {@link #batchNorm} has given
     */
    void batchNormGradient(Operation<B> norm, B x, B y, B kept, B dy, B dx, boolean add);

    /** Gives back what {@link #batchNorm} has given. */
    void release(Operation<B> norm, B kept);

    /** Leaves out inputs of the classifier, or in the same step their gradients. */
    void dropOut(Shape shape, B values);

    /**
     * Leaves out what came over a path, or in the same step its gradients, for some of the images.
     *
     * @param path its place among those of the plan
     */
    void dropPath(int path, Shape shape, B values);
}
