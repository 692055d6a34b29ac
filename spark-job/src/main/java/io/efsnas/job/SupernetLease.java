package io.efsnas.job;

import io.efsnas.checkpoint.Checkpoint;
import io.efsnas.checkpoint.RoundProgress;
import io.efsnas.job.ExecutorMemory.Kept;
import io.efsnas.split.SupernetNode;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetState.Tensor;
import java.io.IOException;
import java.util.Map;
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
    private Map<String, Tensor> scheme;
    private long keepAt = -1;

    private SupernetLease(SupernetKey key, Kept kept, RoundProgress round, boolean restored) {
        this.key = key;
        this.supernet = kept.network();
        this.scheme = kept.scheme();
        this.round = round;
        this.restored = restored;
    }

    /** A supernet as it is after some steps. */
    static SupernetLease take(SearchJob job, SupernetNode node, int batch, long step, Device device)
            throws IOException {
        SupernetKey key = new SupernetKey(job.id(), node.id(), batch, device);
        Optional<Kept> kept = ExecutorMemory.get().take(key, step);
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
                        broken,
                        broken.get().round())
                : take(job, node, batch, fromStep, device);
    }

    private static SupernetLease make(
            SearchJob job, SupernetNode node, SupernetKey key, Optional<Checkpoint> from, RoundProgress round) {
        Supernet made = job.engine()
                .engine()
                .create(job.spec(node, key.batch()), job.engine().resources(key.device()));
        try {
            from.map(Checkpoint::state).ifPresent(made::restore);
        } catch (RuntimeException e) {
            made.close();
            throw e;
        }
        Map<String, Tensor> scheme = from.map(Checkpoint::scheme).orElse(Map.of());
        return new SupernetLease(key, new Kept(made, scheme), round, from.isPresent());
    }

    Supernet supernet() {
        return supernet;
    }

    /** What the scheme that trains the supernet has to remember, by names of the scheme's own. */
    Map<String, Tensor> scheme() {
        return scheme;
    }

    /** How far the supernet has come in the round that it is to be trained for. */
    RoundProgress round() {
        return round;
    }

    /** Whether the supernet came from a checkpoint. */
    boolean restored() {
        return restored;
    }

    /** Lets the executor keep the supernet, which has taken this many steps. */
    void keepAt(long step) {
        keepAt = step;
    }

    /** The same after it was trained, with what the scheme has to remember now. */
    void keepAt(long step, Map<String, Tensor> remembered) {
        scheme = remembered;
        keepAt(step);
    }

    @Override
    public void close() {
        if (keepAt < 0) {
            supernet.close();
        } else {
            ExecutorMemory.get().keep(key, keepAt, new Kept(supernet, scheme));
        }
    }
}
