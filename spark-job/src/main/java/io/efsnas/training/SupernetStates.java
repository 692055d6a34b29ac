package io.efsnas.training;

import io.efsnas.checkpoint.CheckpointStore;
import io.efsnas.checkpoint.SupernetIndex;
import io.efsnas.network.Weight;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.SupernetState.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * The states in which supernets begin a round or are scored, as the checkpoints of all supernets define them. What
 * supernets have in common is put together here, from files alone, so that it is the same bit for bit on every host and
 * after every restart, and nobody has to write or send it.
 *
 * <p>After the steps of a warm start a supernet is a copy of it, momentum included. Where parts are shared, the shared
 * weights and their momentum are the means over all supernets' checkpoints of the same step.
 */
public final class SupernetStates {

    private final TrainingPlan plan;
    private final int supernets;
    private final List<Weight> common;
    private final IntFunction<CheckpointStore> stores;

    /**
     * @param supernets how many subspaces have one
     * @param common the weights that belong to no choice
     * @param stores the checkpoints of a supernet by its {@link SupernetIndex}
     */
    public SupernetStates(TrainingPlan plan, int supernets, List<Weight> common, IntFunction<CheckpointStore> stores) {
        this.plan = plan;
        this.supernets = supernets;
        this.common = common;
        this.stores = stores;
    }

    /**
     * The state of a supernet after some steps.
     *
     * @param step above 0
     * @throws IOException if a checkpoint that it is made from is missing or damaged
     */
    public SupernetState after(int supernet, long step) throws IOException {
        if (supernet != SupernetIndex.WARM_START && step == plan.warmStartSteps()) {
            return stores.apply(SupernetIndex.WARM_START).load(supernets * step).state();
        }
        SupernetState own = stores.apply(supernet).load(step).state();
        return plan.sharedParts() ? withMeans(own, step) : own;
    }

    private SupernetState withMeans(SupernetState own, long step) throws IOException {
        List<SupernetState> all = new ArrayList<>();
        for (int supernet = 0; supernet < supernets; supernet++) {
            all.add(stores.apply(supernet).load(step).state());
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>(own.tensors());
        for (Weight weight : common) {
            for (String name : List.of(weight.name(), SupernetState.MOMENTUM + weight.name())) {
                tensors.put(
                        name,
                        mean(all.stream()
                                .map(state -> state.tensors().get(name))
                                .toList()));
            }
        }
        return new SupernetState(tensors);
    }

    private static Tensor mean(List<Tensor> tensors) {
        float[] means = new float[tensors.get(0).values().length];
        for (int i = 0; i < means.length; i++) {
            double sum = 0;
            for (Tensor tensor : tensors) {
                sum += tensor.values()[i];
            }
            means[i] = (float) (sum / tensors.size());
        }
        return new Tensor(tensors.get(0).shape(), means);
    }
}
