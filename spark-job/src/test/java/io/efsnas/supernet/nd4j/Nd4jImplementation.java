package io.efsnas.supernet.nd4j;

import io.efsnas.supernet.graph.Implementation;
import io.efsnas.supernet.graph.Kernels;

/** The ND4J kernels, for the tests that all kernels have to pass. */
public final class Nd4jImplementation implements Implementation<Nd4jBuffer> {

    static {
        NativeLibrary.select();
    }

    @Override
    public Kernels<Nd4jBuffer> kernels(int batch) {
        return new Nd4jKernels(batch, 1, 0);
    }

    @Override
    public String toString() {
        return "nd4j";
    }
}
