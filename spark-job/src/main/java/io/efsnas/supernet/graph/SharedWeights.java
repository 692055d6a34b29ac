package io.efsnas.supernet.graph;

import io.efsnas.network.Weight;
import io.efsnas.supernet.InitialWeights;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.SupernetState.Tensor;
import io.efsnas.supernet.graph.Kernels.Trained;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

    /** Gives every weight its initial values. */
    void initialise(long seed) {
        for (int i = 0; i < all.size(); i++) {
            Weight weight = all.get(i);
            kernels.write(weight, InitialWeights.of(seed, i, weight), values(weight));
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
        state.requireTensorsOf(all);
        for (Weight weight : all) {
            Trained<B> own = trained(weight);
            kernels.write(weight, state.values(weight), own.values());
            kernels.write(weight, state.momentum(weight), own.momentum());
        }
    }
}
