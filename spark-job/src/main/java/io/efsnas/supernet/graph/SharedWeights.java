package io.efsnas.supernet.graph;

import io.efsnas.network.Weight;
import io.efsnas.supernet.InitialWeights;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.SupernetState.Tensor;
import io.efsnas.supernet.graph.Kernels.Trained;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Every weight of a supernet with its gradient and momentum. A set of them is the bits of their places.
 *
 * @param <B> a buffer
 */
final class SharedWeights<B> {

    private final Kernels<B> kernels;
    private final List<Trained<B>> all = new ArrayList<>();
    private final Map<String, Integer> places = new HashMap<>();
    /** Those of one update, filled anew for each. */
    private final List<Trained<B>> updated = new ArrayList<>();

    SharedWeights(List<Weight> weights, Kernels<B> kernels) {
        this.kernels = kernels;
        for (Weight weight : weights) {
            places.put(weight.name(), all.size());
            all.add(new Trained<>(weight, kernels.weight(weight), kernels.weight(weight), kernels.weight(weight)));
        }
    }

    /** Gives every weight its initial values. */
    void initialise(long seed) {
        for (int i = 0; i < all.size(); i++) {
            Weight weight = all.get(i).weight();
            kernels.write(weight, InitialWeights.of(seed, i, weight), all.get(i).values());
        }
    }

    Trained<B> trained(Weight weight) {
        return all.get(places.get(weight.name()));
    }

    /** The places of some weights. */
    BitSet places(List<Weight> some) {
        BitSet bits = new BitSet(all.size());
        some.forEach(weight -> bits.set(places.get(weight.name())));
        return bits;
    }

    void clearGradients(BitSet touched) {
        for (int place = touched.nextSetBit(0); place >= 0; place = touched.nextSetBit(place + 1)) {
            kernels.clear(all.get(place).weight(), all.get(place).gradient());
        }
    }

    /** Updates the weights in the order of their places, on which bits depend. */
    void update(BitSet touched, float learningRate, Optimizer optimizer) {
        updated.clear();
        for (int place = touched.nextSetBit(0); place >= 0; place = touched.nextSetBit(place + 1)) {
            updated.add(all.get(place));
        }
        kernels.update(updated, learningRate, optimizer);
    }

    SupernetState state() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Trained<B> one : all) {
            tensors.put(one.weight().name(), tensor(one.weight(), one.values()));
        }
        for (Trained<B> one : all) {
            tensors.put(SupernetState.MOMENTUM + one.weight().name(), tensor(one.weight(), one.momentum()));
        }
        return new SupernetState(tensors);
    }

    private Tensor tensor(Weight weight, B buffer) {
        float[] values = new float[weight.size()];
        kernels.read(weight, buffer, values);
        return new Tensor(weight.shape(), values);
    }

    void restore(SupernetState state) {
        state.requireTensorsOf(all.stream().map(Trained::weight).toList());
        for (Trained<B> one : all) {
            kernels.write(one.weight(), state.values(one.weight()), one.values());
            kernels.write(one.weight(), state.momentum(one.weight()), one.momentum());
        }
    }
}
