package io.efsnas.job;

import io.efsnas.checkpoint.Checkpoint;
import io.efsnas.checkpoint.CheckpointStore;
import io.efsnas.checkpoint.RoundProgress;
import java.io.IOException;
import java.util.Optional;
import org.apache.spark.api.java.function.Function;

/** Writes the checkpoint of the end of a round from the parts that several workers have in common there. */
public final class EndRound implements Function<RoundTask, RoundProgress> {

    private static final long serialVersionUID = 1;

    private final SharedJob shared;

    public EndRound(SharedJob shared) {
        this.shared = shared;
    }

    @Override
    public RoundProgress call(RoundTask task) throws IOException {
        SearchJob job = shared.job();
        CheckpointStore store = job.checkpoints(job.tree().node(task.node()));
        Optional<Checkpoint> earlier = store.latestOfRound(task.fromStep(), task.toStep()); // of another attempt
        if (earlier.isPresent()) {
            return earlier.get().round();
        }
        Checkpoint ended = store.loadParts(task.toStep());
        store.save(ended);
        return ended.round();
    }
}
