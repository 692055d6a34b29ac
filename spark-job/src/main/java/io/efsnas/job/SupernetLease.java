package io.efsnas.job;

import io.efsnas.supernet.Device;
import io.efsnas.supernet.Engine;
import io.efsnas.supernet.Supernet;
import io.efsnas.training.CheckpointStore;
import java.io.IOException;
import java.util.Optional;

/**
 * A supernet in a task's hands: from the executor's memory if it is still there in the state wanted, else made anew and
 * restored from its checkpoint. After a failure its weights are unknown, so it goes back to the memory only when the
 * task says at which step it is.
 */
final class SupernetLease implements AutoCloseable {

    private final SearchJob job;
    private final int index;
    private final int batch;
    private final Device device;
    private final CheckpointStore checkpoints;
    private final Supernet supernet;
    private final boolean restored;
    private long keepAt = -1;

    private SupernetLease(
            SearchJob job,
            int index,
            int batch,
            Device device,
            CheckpointStore checkpoints,
            Supernet supernet,
            boolean restored) {
        this.job = job;
        this.index = index;
        this.batch = batch;
        this.device = device;
        this.checkpoints = checkpoints;
        this.supernet = supernet;
        this.restored = restored;
    }

    /** A supernet as it is after some steps. */
    static SupernetLease take(SearchJob job, int index, int batch, long step, Device device) throws IOException {
        CheckpointStore checkpoints = job.checkpoints(index);
        Optional<Supernet> kept = ExecutorMemory.get().take(job.id(), index, batch, step, device);
        if (kept.isPresent()) {
            return new SupernetLease(job, index, batch, device, checkpoints, kept.get(), false);
        }
        Supernet made = Engine.named(job.engine()).create(job.spec(index, batch), job.threads(), device);
        try {
            if (step > 0) {
                made.restore(job.states().after(index, step));
            }
        } catch (IOException | RuntimeException e) {
            made.close();
            throw e;
        }
        return new SupernetLease(job, index, batch, device, checkpoints, made, step > 0);
    }

    Supernet supernet() {
        return supernet;
    }

    CheckpointStore checkpoints() {
        return checkpoints;
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
            ExecutorMemory.get().keep(job.id(), index, batch, keepAt, device, supernet);
        }
    }
}
