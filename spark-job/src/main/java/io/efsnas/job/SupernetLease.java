package io.efsnas.job;

import io.efsnas.checkpoint.Checkpoint;
import io.efsnas.checkpoint.RoundProgress;
import io.efsnas.split.SupernetNode;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetState;
import java.io.IOException;
import java.util.Optional;

/**
 * A supernet in a task's hands: from the executor's memory if it is still there in the state wanted, else made anew and
 * restored from its checkpoint. After a failure its weights are unknown, so it goes back to the memory only when the
 * task says at which step it is.
 */
final class SupernetLease implements AutoCloseable {

    private final SupernetKey key;
    private final Supernet supernet;
    private final RoundProgress round;
    private final boolean restored;
    private long keepAt = -1;

    private SupernetLease(SupernetKey key, Supernet supernet, RoundProgress round, boolean restored) {
        this.key = key;
        this.supernet = supernet;
        this.round = round;
        this.restored = restored;
    }

    /** A supernet as it is after some steps. */
    static SupernetLease take(SearchJob job, SupernetNode node, int batch, long step, Device device)
            throws IOException {
        SupernetKey key = new SupernetKey(job.id(), node.id(), batch, device);
        Optional<Supernet> kept = ExecutorMemory.get().take(key, step);
        RoundProgress round = RoundProgress.from(step);
        return kept.isPresent()
                ? new SupernetLease(key, kept.get(), round, false)
                : make(job, node, key, job.states().after(node, step), round);
    }

    /** A supernet to be trained for a round: as it was when the round was broken off, if that is known. */
    static SupernetLease takeInRound(SearchJob job, SupernetNode node, long fromStep, long toStep, Device device)
            throws IOException {
        int batch = job.plan().batch();
        Optional<Checkpoint> broken = job.checkpoints(node).latestOfRound(fromStep, toStep);
        return broken.isPresent()
                ? make(
                        job,
                        node,
                        new SupernetKey(job.id(), node.id(), batch, device),
                        broken.map(Checkpoint::state),
                        broken.get().round())
                : take(job, node, batch, fromStep, device);
    }

    private static SupernetLease make(
            SearchJob job, SupernetNode node, SupernetKey key, Optional<SupernetState> state, RoundProgress round) {
        Supernet made = job.engine()
                .engine()
                .create(job.spec(node, key.batch()), job.engine().resources(key.device()));
        try {
            state.ifPresent(made::restore);
        } catch (RuntimeException e) {
            made.close();
            throw e;
        }
        return new SupernetLease(key, made, round, state.isPresent());
    }

    Supernet supernet() {
        return supernet;
    }

    /** How far the supernet has come in the round that it is to be trained for. */
    RoundProgress round() {
        return round;
    }

    /** Whether the supernet came from a checkpoint. */
    boolean restored() {
        return restored;
    }

    /** Lets the executor keep the supernet, which has now taken this many steps. */
    void keepAt(long step) {
        keepAt = step;
    }

    @Override
    public void close() {
        if (keepAt < 0) {
            supernet.close();
        } else {
            ExecutorMemory.get().keep(key, keepAt, supernet);
        }
    }
}
