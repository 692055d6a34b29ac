package io.efsnas.supernet.graph;

import io.efsnas.network.Layer.Convolution;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import java.util.HashMap;
import java.util.Map;

/**
 * Sums over all pixels of products of two maps' channels. They are what the gradient of a convolution's weight consists of,
 * so that the kernels of convolutions compute them.
 *
 * @param <B> a buffer
 */
final class Products<B> {

    private final Kernels<B> kernels;
    private final Map<Weight, B> sums = new HashMap<>();
    /** Weights of the convolutions, which are never computed. */
    private final Map<Weight, B> factors = new HashMap<>();

    Products(Kernels<B> kernels) {
        this.kernels = kernels;
    }

    /**
     * The sums of a convolution's taps.
     *
     * @param in the shape of {@code a}
     * @return {@code [channel of b][channel of a][tap]}
     */
    float[] of(Convolution layer, Shape in, B a, B b) {
        Weight weight = layer.weights().get(0);
        B sum = sums.computeIfAbsent(weight, kernels::weight);
        B factor = factors.computeIfAbsent(weight, kernels::weight);
        kernels.clear(weight, sum);
        kernels.convolutionGradient(layer, in, a, factor, b, sum, null, false);
        float[] values = new float[weight.size()];
        kernels.read(weight, sum, values);
        return values;
    }
}
