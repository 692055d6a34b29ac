package io.efsnas.job;

import io.efsnas.checkpoint.Checkpoint;
import io.efsnas.checkpoint.CheckpointStore;
import io.efsnas.checkpoint.RoundProgress;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.split.SupernetNode;
import io.efsnas.split.SupernetTree;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.training.SupernetStates;
import io.efsnas.training.TrainingPlan;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * What every task of a search needs to know.
 *
 * @param id tells this search from others on the same executors, and is that of its lease of the run directory
 * @param tree the supernets as far as they are known
 * @param images the images as the driver read them; an executor that reads others refuses the task
 */
public record SearchJob(
        String id,
        SupernetTree tree,
        TrainingPlan plan,
        SupernetSpec.Optimizer optimizer,
        EngineSetup engine,
        ImageSource images,
        CheckpointPlace checkpoints)
        implements Serializable {

    /** The same search with the supernets as they are known by now. */
    public SearchJob with(SupernetTree grown) {
        return new SearchJob(id, grown, plan, optimizer, engine, images, checkpoints);
    }

    /** The same search with supernets that another engine computes, from the same checkpoints. */
    public SearchJob with(EngineSetup other) {
        return new SearchJob(id, tree, plan, optimizer, other, images, checkpoints);
    }

    /**
     * What a supernet is made from. Each has initial weights of its own, unless parts are shared: then all begin equal,
     * as means of unequal ones would be weights of another scale.
     */
    SupernetSpec spec(SupernetNode node, int batch) {
        long weights = node.phase().sharesParts() ? 0 : node.key();
        return new SupernetSpec(
                tree.space(),
                node.size(),
                optimizer,
                batch,
                KeyedRandom.of(plan.seed(), Purpose.INITIAL_WEIGHTS, weights).nextLong());
    }

    CheckpointStore checkpoints(SupernetNode node) {
        return new CheckpointStore(
                checkpoints.directory(),
                node.describe(),
                checkpoints.keep(),
                images.hadoop().value(),
                Optional.of(id));
    }

    /**
     * How far a round that several workers train has come, by what they had in common last.
     *
     * @throws UncheckedIOException if the directory cannot be read
     */
    public RoundProgress begun(RoundTask task) {
        CheckpointStore store = checkpoints(tree.node(task.node()));
        try {
            Optional<Checkpoint> ended = store.latestOfRound(task.fromStep(), task.toStep());
            return (ended.isPresent() ? ended : store.latestOfParts(task.fromStep(), task.toStep()))
                    .map(Checkpoint::round)
                    .orElseGet(() -> RoundProgress.from(task.fromStep()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The states in which supernets begin their rounds and are scored. */
    SupernetStates states() {
        return new SupernetStates(tree, this::checkpoints);
    }
}
