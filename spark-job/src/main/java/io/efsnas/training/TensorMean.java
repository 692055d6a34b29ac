package io.efsnas.training;

import io.efsnas.supernet.SupernetState.Tensor;
import java.util.List;

/** The mean of tensors of one shape, added up in double precision in the order in which they come. */
final class TensorMean {

    private final List<Integer> shape;
    private final double[] sums;

    TensorMean(List<Integer> shape) {
        this.shape = shape;
        this.sums = new double[shape.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact)];
    }

    /** The mean of at least one. */
    static Tensor of(List<Tensor> tensors) {
        TensorMean mean = new TensorMean(tensors.get(0).shape());
        tensors.forEach(mean::add);
        return mean.over(tensors.size());
    }

    void add(Tensor tensor) {
        if (!tensor.shape().equals(shape)) {
            throw new IllegalArgumentException(
                    "a tensor of shape " + tensor.shape() + " is added to others of " + shape);
        }
        float[] values = tensor.values();
        for (int i = 0; i < sums.length; i++) {
            sums[i] += values[i];
        }
    }

    /** @param count the number of tensors, of which those that were not added are zero */
    Tensor over(int count) {
        float[] means = new float[sums.length];
        for (int i = 0; i < means.length; i++) {
            means[i] = (float) (sums[i] / count);
        }
        return new Tensor(shape, means);
    }
}
