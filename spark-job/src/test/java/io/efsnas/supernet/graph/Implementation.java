package io.efsnas.supernet.graph;

import io.efsnas.network.Shape;

/** Kernels under test, and what a test must know of them beyond {@link Kernels}. */
public interface Implementation<B> {

    Kernels<B> kernels(int batch);

    /** The feature maps of the first images of a buffer, as {@code [image][channel][row][column]}. */
    float[] featureMaps(B from, Shape shape, int images);
}
