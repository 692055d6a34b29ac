package io.efsnas.supernet;

import java.util.List;
import java.util.Map;

/**
 * What a supernet has learned, in a form that any engine can take over.
 *
 * @param tensors by name, in a fixed order: each weight under its own name, its momentum under the name with {@link
 *     #MOMENTUM} before it
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
}
