package io.efsnas.training.contrast;

import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.SupernetState.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** A learned tensor with its gradient, momentum and moving average, all in row-major order of its shape. */
final class Parameter {

    private final String name;
    private final List<Integer> shape;
    private final float[] values;
    private final float[] gradient;
    private final float[] momentum;
    private final float[] average;

    private Parameter(String name, List<Integer> shape, float[] values, float[] momentum, float[] average) {
        this.name = name;
        this.shape = shape;
        this.values = values;
        this.gradient = new float[values.length];
        this.momentum = momentum;
        this.average = average;
    }

    /**
     * One with values between plus and minus 1 / sqrt(inputs), with a momentum of 0 and these values as its average.
     *
     * @param inputs the number of values that each value of its layer's output is computed from
     */
    static Parameter drawn(String name, List<Integer> shape, int inputs, RandomGenerator random) {
        float[] values = new float[shape.stream().reduce(1, Math::multiplyExact)];
        double bound = 1 / Math.sqrt(inputs);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-bound, bound);
        }
        return new Parameter(name, shape, values, new float[values.length], values.clone());
    }

    /** The one that put itself into a state. */
    static Parameter restored(String name, Map<String, Tensor> state) {
        Tensor tensor = state.get(name);
        return new Parameter(
                name,
                tensor.shape(),
                tensor.values().clone(),
                state.get(SupernetState.MOMENTUM + name).values().clone(),
                state.get(SupernetState.AVERAGE + name).values().clone());
    }

    void putInto(Map<String, Tensor> state) {
        state.put(name, new Tensor(shape, values.clone()));
        state.put(SupernetState.MOMENTUM + name, new Tensor(shape, momentum.clone()));
        state.put(SupernetState.AVERAGE + name, new Tensor(shape, average.clone()));
    }

    /** The values; this is the array itself. */
    float[] values() {
        return values;
    }

    /** The gradient, to be added to; this is the array itself. */
    float[] gradient() {
        return gradient;
    }

    /** The moving average; this is the array itself. */
    float[] average() {
        return average;
    }

    /** Moves the average: {@code decay} times itself plus {@code 1 - decay} times the values. */
    void moveAverage(float decay) {
        for (int i = 0; i < values.length; i++) {
            average[i] = decay * average[i] + (1 - decay) * values[i];
        }
    }

    /** The squared Euclidean norm of the gradient. */
    double squaredNorm() {
        double sum = 0;
        for (float one : gradient) {
            sum += (double) one * one;
        }
        return sum;
    }

    /**
     * Takes a step of gradient descent, as supernets do, and sets the gradient to 0.
     *
     * @param scale what the gradient is multiplied by first
     */
    void update(float scale, float learningRate, Optimizer optimizer) {
        for (int i = 0; i < values.length; i++) {
            float g = scale * gradient[i] + optimizer.weightDecay() * values[i];
            momentum[i] = optimizer.momentum() * momentum[i] + g;
            values[i] -= learningRate * (g + optimizer.momentum() * momentum[i]);
        }
        Arrays.fill(gradient, 0);
    }
}
