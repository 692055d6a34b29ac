package io.efsnas.supernet.nd4j;

import io.efsnas.network.Shape;
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
    public float[] featureMaps(Nd4jBuffer from, Shape shape, int images) {
        return from.first(images).array().permute(0, 3, 1, 2).dup('c').data().asFloat();
    }

    @Override
    public String toString() {
        return "nd4j";
    }
}
