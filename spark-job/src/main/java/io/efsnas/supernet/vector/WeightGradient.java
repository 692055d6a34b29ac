package io.efsnas.supernet.vector;

import io.efsnas.network.Layer.Convolution;
import io.efsnas.network.Shape;

/** The weight gradient of one convolution shape for one group of images at a time, with the buffers that it takes. */
interface WeightGradient {

    /** Overwrites {@code dweight}, in the layout of the weight, with the gradient from one group of images. */
    void compute(float[] x, float[] dy, float[] dweight, int group);

    /** The fastest way for a convolution. */
    static WeightGradient of(Convolution layer, Shape in) {
        if (PointwiseWeightGradient.suits(layer, in)) {
            return new PointwiseWeightGradient(layer, in);
        }
        return WinogradWeightGradient.suits(layer)
                ? new WinogradWeightGradient(layer, in)
                : new DirectWeightGradient(layer, in, layer.output(in));
    }
}
