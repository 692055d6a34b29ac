package io.efsnas.supernet.graph;

import io.efsnas.space.KeyedRandom;
import io.efsnas.space.KeyedRandom.Purpose;
import io.efsnas.space.Weight;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.SupernetState.Tensor;
import io.efsnas.supernet.graph.Kernels.Trained;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Every weight of a supernet with its gradient and momentum.
 *
 * @param <B> a buffer
 */
final class SharedWeights<B> {

    private final Kernels<B> kernels;
    private final List<Weight> all;
    private final Map<String, Trained<B>> trained = new LinkedHashMap<>();

    SharedWeights(List<Weight> all, Kernels<B> kernels) {
        this.kernels = kernels;
        this.all = List.copyOf(all);
        for (Weight weight : all) {
            trained.put(
                    weight.name(),
                    new Trained<>(weight, kernels.weight(weight), kernels.weight(weight), kernels.weight(weight)));
        }
    }

    /**
     * Draws every value uniformly from ±1/sqrt(fan-in), PyTorch's default for convolutions and linear layers, which the
     * method's published runs use.
     */
    void initialise(long seed) {
        for (int i = 0; i < all.size(); i++) {
            Weight weight = all.get(i);
            SplittableRandom random = KeyedRandom.of(seed, Purpose.INITIAL_WEIGHTS, i);
            double bound = 1 / Math.sqrt(weight.fanIn());
            float[] values = new float[weight.size()];
            for (int j = 0; j < values.length; j++) {
                values[j] = (float) random.nextDouble(-bound, bound);
            }
            kernels.write(weight, values, values(weight));
        }
    }

    B values(Weight weight) {
        return trained(weight).values();
    }

    B gradient(Weight weight) {
        return trained(weight).gradient();
    }

    void clearGradients(Collection<Weight> touched) {
        touched.forEach(weight -> kernels.clear(weight, gradient(weight)));
    }

    void update(Collection<Weight> touched, float learningRate, Optimizer optimizer) {
        // In the order of the supernet's weights: the order of a set is not one to base bits on.
        List<Trained<B>> trained =
                all.stream().filter(touched::contains).map(this::trained).toList();
        kernels.update(trained, learningRate, optimizer);
    }

    private Trained<B> trained(Weight weight) {
        return trained.get(weight.name());
    }

    SupernetState state() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Weight weight : all) {
            tensors.put(weight.name(), tensor(weight, values(weight)));
        }
        for (Weight weight : all) {
            tensors.put(
                    SupernetState.MOMENTUM + weight.name(),
                    tensor(weight, trained(weight).momentum()));
        }
        return new SupernetState(tensors);
    }

    private Tensor tensor(Weight weight, B buffer) {
        float[] values = new float[weight.size()];
        kernels.read(weight, buffer, values);
        return new Tensor(weight.shape(), values);
    }

    void restore(SupernetState state) {
        Set<String> unknown = new HashSet<>(state.tensors().keySet());
        List<Runnable> writes = new ArrayList<>();
        for (Weight weight : all) {
            Trained<B> own = trained(weight);
            writes.add(restoring(state, weight, weight.name(), own.values(), unknown));
            writes.add(restoring(state, weight, SupernetState.MOMENTUM + weight.name(), own.momentum(), unknown));
        }
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("this supernet has no tensor '"
                    + unknown.stream().sorted().findFirst().orElseThrow() + "'");
        }
        writes.forEach(Runnable::run);
    }

    /** The write of one tensor, checked now and done when all have been checked. */
    private Runnable restoring(SupernetState state, Weight weight, String name, B to, Set<String> unknown) {
        Tensor tensor = state.tensors().get(name);
        if (tensor == null || !tensor.shape().equals(weight.shape())) {
            throw new IllegalArgumentException("tensor '" + name + "' should have the shape " + weight.shape()
                    + ", but " + (tensor == null ? "is missing" : "has " + tensor.shape()));
        }
        unknown.remove(name);
        return () -> kernels.write(weight, tensor.values(), to);
    }
}
