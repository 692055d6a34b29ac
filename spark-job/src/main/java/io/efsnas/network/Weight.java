package io.efsnas.network;

import java.io.Serializable;
import java.util.List;

/**
 * A learned tensor of a network.
 *
 * @param name unique within a network and the same in every network of a space that shares it
 * @param shape {@code [outputs, inputs, kernel, kernel]} of a convolution, with one input if it is depthwise, {@code
 *     [outputs, inputs]} of a linear layer, {@code [outputs]} of a bias, {@code [channels]} of what a batch norm learns
 * @param fanIn how many inputs each output value sums over; 0 of a batch norm, which sums none and begins as the identity
 */
public record Weight(String name, List<Integer> shape, int fanIn) implements Serializable {

    private static final String BIAS = ".bias";

    public Weight {
        shape = List.copyOf(shape);
    }

    /** Whether it is added, where all other weights are factors. */
    public boolean isBias() {
        return name.endsWith(BIAS);
    }

    /** Whether it has one value for each output or channel: a bias, or what a batch norm multiplies by. */
    public boolean isVector() {
        return shape.size() == 1;
    }

    /** Whether it is that of a convolution. */
    public boolean isKernel() {
        return shape.size() == 4;
    }

    /** Values in the tensor. */
    public int size() {
        return shape.stream().reduce(1, Math::multiplyExact);
    }
}
