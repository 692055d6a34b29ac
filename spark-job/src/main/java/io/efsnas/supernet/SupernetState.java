package io.efsnas.supernet;

import io.efsnas.network.Weight;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a supernet has learned, in a form that any engine can take over.
 *
 * @param tensors the tensors by name in a fixed order: each weight under its own name, its momentum under the name
 *     with {@link #MOMENTUM} before it
 */
public record SupernetState(Map<String, Tensor> tensors) {

    /** Comes before a weight's name in the name of its momentum. */
    public static final String MOMENTUM = "momentum.";

    /** Values in row-major order of the shape. */
    public record Tensor(List<Integer> shape, float[] values) {
        public Tensor {
            shape = List.copyOf(shape);
            long size = shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
            if (size != values.length) {
                throw new IllegalArgumentException(values.length + " values do not fill the shape " + shape);
            }
        }
    }

    /** A weight's values, in row-major order of its shape. */
    public float[] values(Weight weight) {
        return tensors.get(weight.name()).values();
    }

    /** The momentum of a weight, in row-major order of its shape. */
    public float[] momentum(Weight weight) {
        return tensors.get(MOMENTUM + weight.name()).values();
    }

    /**
     * Checks that this is the state of a supernet with these weights.
     *
     * @throws IllegalArgumentException naming the first tensor that is missing, unknown or of another shape
     */
    public void requireTensorsOf(List<Weight> weights) {
        Set<String> unknown = new TreeSet<>(tensors.keySet());
        for (Weight weight : weights) {
            for (String name : List.of(weight.name(), MOMENTUM + weight.name())) {
                Tensor tensor = tensors.get(name);
                if (tensor == null || !tensor.shape().equals(weight.shape())) {
                    throw new IllegalArgumentException("tensor '" + name + "' should have the shape " + weight.shape()
                            + ", but " + (tensor == null ? "is missing" : "has " + tensor.shape()));
                }
                unknown.remove(name);
            }
        }
        unknown.stream().findFirst().ifPresent(name -> {
            throw new IllegalArgumentException("this supernet has no tensor '" + name + "'");
        });
    }
}
