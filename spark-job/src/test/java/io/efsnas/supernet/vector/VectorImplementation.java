package io.efsnas.supernet.vector;

import io.efsnas.supernet.graph.Implementation;
import io.efsnas.supernet.graph.Kernels;

/** The vector kernels, for the tests that all kernels have to pass. */
public final class VectorImplementation implements Implementation<float[]> {

    @Override
    public Kernels<float[]> kernels(int batch) {
        return new VectorKernels(batch, 2);
    }

    @Override
    public String toString() {
        return "vector";
    }
}
