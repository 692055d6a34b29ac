package io.efsnas.training;

import io.efsnas.checkpoint.Checkpoint;
import io.efsnas.checkpoint.CheckpointStore;
import io.efsnas.checkpoint.RoundProgress;
import io.efsnas.network.Weight;
import io.efsnas.space.SpaceWeights;
import io.efsnas.split.SupernetNode;
import io.efsnas.split.SupernetTree;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.SupernetState.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The states in which supernets begin a round or are scored, as the checkpoints of all supernets define them. What
 * supernets have in common is put together here, from files alone, so that it is the same bit for bit on every host and
 * after every restart, and nobody has to write or send it.
 *
 * <p>A supernet begins as a copy of its parent at the end of the parent's training, momentum included, but with nothing
 * that the parent's training scheme remembered, nor averaged weights or further momenta; in a phase that restarts, it begins
 * with weights of its own. In a phase that shares parts, the shared weights and their momentum are the means over all its
 * supernets' checkpoints of the same step.
 */
public final class SupernetStates {

    private final SupernetTree tree;
    private final Function<SupernetNode, CheckpointStore> stores;

    /**
     * @param stores the checkpoints of each supernet
     */
    public SupernetStates(SupernetTree tree, Function<SupernetNode, CheckpointStore> stores) {
        this.tree = tree;
        this.stores = stores;
    }

    /**
     * A supernet after some steps, before the first step of a round.
     *
     * @return empty before the first step of a supernet that begins with weights of its own
     * @throws IOException if a checkpoint that it is made from is missing or damaged
     */
    public Optional<Checkpoint> after(SupernetNode node, long step) throws IOException {
        RoundProgress round = RoundProgress.from(step);
        if (step == node.firstStep()) {
            Optional<SupernetNode> parent =
                    node.parent().filter(any -> !node.phase().restarts()).map(tree::node);
            return parent.isPresent()
                    ? after(parent.get(), parent.get().lastStep())
                            .map(trained -> new Checkpoint(trained.state().inherited(), Map.of(), round))
                    : Optional.empty();
        }
        Checkpoint own = stores.apply(node).load(step);
        SupernetState state = node.phase().sharesParts() ? withMeans(own.state(), node, step) : own.state();
        return Optional.of(new Checkpoint(state, own.scheme(), round));
    }

    /**
     * The parent of a supernet at the end of its training, for its children to learn from.
     *
     * @return empty if it has none
     * @throws IOException if a checkpoint that it is made from is missing or damaged
     */
    public Optional<SupernetState> parent(SupernetNode node) throws IOException {
        Optional<SupernetNode> parent = node.parent().map(tree::node);
        return parent.isPresent()
                ? after(parent.get(), parent.get().lastStep())
                        .map(trained -> trained.state().inherited())
                : Optional.empty();
    }

    /**
     * A sibling of a supernet as it is when both have taken equally many rounds.
     *
     * @param step the steps that the supernet has taken after them
     * @throws IOException if a checkpoint that it is made from is missing or damaged
     */
    public SupernetState sibling(SupernetNode sibling, SupernetNode of, long step) throws IOException {
        long itsStep =
                step / of.width() * sibling.width(); // a round has as many steps for each supernet that one stands for
        return after(sibling, itsStep).orElseThrow().state();
    }

    private SupernetState withMeans(SupernetState own, SupernetNode node, long step) throws IOException {
        List<SupernetState> all = new ArrayList<>();
        for (SupernetNode sharing : tree.in(node.phase())) {
            all.add(stores.apply(sharing).load(step).state());
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>(own.tensors());
        for (Weight weight : SpaceWeights.of(tree.space(), node.size()).common()) {
            for (String name : List.of(weight.name(), SupernetState.MOMENTUM + weight.name())) {
                tensors.put(
                        name,
                        TensorMean.of(all.stream()
                                .map(state -> state.tensors().get(name))
                                .toList()));
            }
        }
        return new SupernetState(tensors);
    }
}
