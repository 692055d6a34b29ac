package io.efsnas.supernet.graph;

import io.efsnas.network.Initialisation;
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
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * Every weight of a supernet with its gradient and momentum, and, once somebody asks for them, with further momenta and its
 * moving average. A set of weights is the bits of their places.
 *
 * @param <B> a buffer
 */
final class SharedWeights<B> {

    private final Kernels<B> kernels;
    private final List<Trained<B>> all;
    private final Map<String, Integer> places = new HashMap<>();
    /** The same with other momenta, by the numbers of the momenta. */
    private final SortedMap<Integer, List<Trained<B>>> momenta = new TreeMap<>();
    /** Those of one update, filled anew for each. */
    private final List<Trained<B>> updated = new ArrayList<>();
    /** Null until somebody asks for them. */
    private SharedWeights<B> averages;

    SharedWeights(List<Weight> weights, Kernels<B> kernels) {
        this(
                kernels,
                weights.stream()
                        .map(weight -> new Trained<>(
                                weight, kernels.weight(weight), kernels.weight(weight), kernels.weight(weight)))
                        .toList());
    }

    private SharedWeights(Kernels<B> kernels, List<Trained<B>> all) {
        this.kernels = kernels;
        this.all = all;
        for (int place = 0; place < all.size(); place++) {
            places.put(all.get(place).weight().name(), place);
        }
        momenta.put(0, all);
    }

    /** Gives every weight its initial values. */
    void initialise(long seed, Initialisation initialisation) {
        for (int i = 0; i < all.size(); i++) {
            Weight weight = all.get(i).weight();
            kernels.write(
                    weight,
                    InitialWeights.of(seed, i, weight, initialisation),
                    all.get(i).values());
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

    /** The weights with one of their momenta. */
    private List<Trained<B>> withMomenta(int number) {
        return momenta.computeIfAbsent(number, any -> all.stream()
                .map(one -> new Trained<>(one.weight(), one.values(), one.gradient(), kernels.weight(one.weight())))
                .toList());
    }

    /**
     * Updates the weights in the order of their places, on which bits depend.
     *
     * @param number of the momenta
     */
    void update(BitSet touched, int number, float learningRate, Optimizer optimizer) {
        List<Trained<B>> trained = withMomenta(number);
        updated.clear();
        for (int place = touched.nextSetBit(0); place >= 0; place = touched.nextSetBit(place + 1)) {
            updated.add(trained.get(place));
        }
        kernels.update(updated, learningRate, optimizer);
    }

    /** The moving averages, which are the weights until they move: networks run forward with them, and never backward. */
    SharedWeights<B> averages() {
        if (averages == null) {
            averages = new SharedWeights<>(
                    kernels,
                    all.stream()
                            .map(one -> new Trained<>(
                                    one.weight(), kernels.weight(one.weight()), one.gradient(), one.momentum()))
                            .toList());
            average(everything(), 0);
        }
        return averages;
    }

    private BitSet everything() {
        BitSet bits = new BitSet(all.size());
        bits.set(0, all.size());
        return bits;
    }

    /** Moves the moving averages of some weights. */
    void average(BitSet touched, float decay) {
        averages().follow(this, touched, decay);
    }

    private void follow(SharedWeights<B> weights, BitSet touched, float decay) {
        for (int place = touched.nextSetBit(0); place >= 0; place = touched.nextSetBit(place + 1)) {
            kernels.average(
                    weights.all.get(place).values(), decay, all.get(place).values());
        }
    }

    SupernetState state() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Trained<B> one : all) {
            tensors.put(one.weight().name(), tensor(one.weight(), one.values()));
        }
        momenta.forEach((number, trained) -> {
            for (Trained<B> one : trained) {
                String name = SupernetState.momentum(number) + one.weight().name();
                tensors.put(name, tensor(one.weight(), one.momentum()));
            }
        });
        if (averages != null) {
            for (Trained<B> one : averages.all) {
                tensors.put(SupernetState.AVERAGE + one.weight().name(), tensor(one.weight(), one.values()));
            }
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
        }
        SortedSet<Integer> kept = state.momenta();
        kept.forEach(this::withMomenta);
        momenta.forEach((number, trained) -> {
            for (Trained<B> one : trained) {
                boolean known = kept.contains(number);
                float[] momentum = known
                        ? state.momentum(number, one.weight())
                        : new float[one.weight().size()];
                kernels.write(one.weight(), momentum, one.momentum());
            }
        });
        if (state.hasAverages()) {
            for (Trained<B> one : averages().all) {
                kernels.write(one.weight(), state.average(one.weight()), one.values());
            }
        } else if (averages != null) {
            average(everything(), 0);
        }
    }
}
