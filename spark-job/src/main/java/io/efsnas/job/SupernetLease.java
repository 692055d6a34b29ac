package io.efsnas.job;

import io.efsnas.checkpoint.Checkpoint;
import io.efsnas.checkpoint.RoundProgress;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.Engine;
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

    private final SearchJob job;
    private final int index;
    private final int batch;
    private final Device device;
    private final Supernet supernet;
    private final RoundProgress round;
    private final boolean restored;
    private long keepAt = -1;

    private SupernetLease(
            SearchJob job,
            int index,
            int batch,
            Device device,
            Supernet supernet,
            RoundProgress round,
            boolean restored) {
        this.job = job;
        this.index = index;
        this.batch = batch;
        this.device = device;
        this.supernet = supernet;
        this.round = round;
        this.restored = restored;
    }

    /** A supernet as it is after some steps. */
    static SupernetLease take(SearchJob job, int index, int batch, long step, Device device) throws IOException {
        Optional<Supernet> kept = ExecutorMemory.get().take(job.id(), index, batch, step, device);
        RoundProgress round = RoundProgress.from(step);
        if (kept.isPresent()) {
            return new SupernetLease(job, index, batch, device, kept.get(), round, false);
        }
        Optional<SupernetState> state = step > 0 ? Optional.of(job.states().after(index, step)) : Optional.empty();
        return make(job, index, batch, device, state, round);
    }

    /** A supernet to be trained for a round: as it was when the round was broken off, if that is known. */
    static SupernetLease takeInRound(SearchJob job, int index, long fromStep, long toStep, Device device)
            throws IOException {
        int batch = job.plan().batch();
        Optional<Checkpoint> broken = job.checkpoints(index).latestOfRound(fromStep, toStep);
        return broken.isPresent()
                ? make(
                        job,
                        index,
                        batch,
                        device,
                        broken.map(Checkpoint::state),
                        broken.get().round())
                : take(job, index, batch, fromStep, device);
    }

    private static SupernetLease make(
            SearchJob job, int index, int batch, Device device, Optional<SupernetState> state, RoundProgress round) {
        Supernet made = Engine.named(job.engine()).create(job.spec(index, batch), job.resources(device));
        try {
            state.ifPresent(made::restore);
        } catch (RuntimeException e) {
            made.close();
            throw e;
        }
        return new SupernetLease(job, index, batch, device, made, round, state.isPresent());
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
            ExecutorMemory.get().keep(job.id(), index, batch, keepAt, device, supernet);
        }
    }
}
