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
import java.util.OptionalLong;

/**
 * A supernet in a task's hands: from the executor's memory if it is still there in the state wanted, else made anew and
 * restored from its checkpoint. After a failure its weights are unknown, so it goes back to the memory only when the
 * task says at which step it is.
 */
final class SupernetLease implements AutoCloseable {

    /** In place of the steps of a supernet that one of several workers has trained, which only workers may have. */
    private static final long OF_A_WORKER = -1;

    private final SupernetKey key;
    private final Supernet supernet;
    private final RoundProgress round;
    private final boolean restored;
    private Map<String, Tensor> scheme;
    private OptionalLong keepAt = OptionalLong.empty();

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
        SupernetKey key = key(job, node, batch, device);
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
                        key(job, node, batch, device),
                        broken,
                        broken.get().round())
                : take(job, node, batch, fromStep, device);
    }

    /** A supernet to be trained by one of several workers, in the state that they have in common when they begin. */
    static SupernetLease takeForWorker(SearchJob job, SupernetNode node, WorkerTask task, Device device)
            throws IOException {
        SupernetKey key = key(job, node, job.plan().batch(), device);
        RoundProgress round = RoundProgress.from(task.fromStep());
        Optional<Checkpoint> common = task.beginsRound()
                ? job.states().after(node, task.fromStep())
                : Optional.of(job.checkpoints(node).loadParts(task.fromStep()));
        Optional<Kept> kept = common.flatMap(any -> ExecutorMemory.get().take(key, OF_A_WORKER));
        if (kept.isEmpty()) {
            return make(job, node, key, common, round);
        }
        SupernetLease lease = new SupernetLease(key, kept.get(), round, false);
        try {
            lease.supernet.restore(common.get().state());
            return lease;
        } catch (RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    private static SupernetKey key(SearchJob job, SupernetNode node, int batch, Device device) {
        return new SupernetKey(job.id(), node.id(), job.engine().name(), batch, device);
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
        keepAt = OptionalLong.of(step);
    }

    /** Lets the executor keep the supernet for a worker, which begins with another state. */
    void keepForWorker() {
        keepAt = OptionalLong.of(OF_A_WORKER);
    }

    /** The same after it was trained, with what the scheme has to remember now. */
    void keepAt(long step, Map<String, Tensor> remembered) {
        scheme = remembered;
        keepAt(step);
    }

    @Override
    public void close() {
        if (keepAt.isEmpty()) {
            supernet.close();
        } else {
            ExecutorMemory.get().keep(key, keepAt.getAsLong(), new Kept(supernet, scheme));
        }
    }
}
