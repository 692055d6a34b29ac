package io.efsnas.job;

import io.efsnas.retraining.EpochTiming;
import io.efsnas.retraining.NetworkTrainer;
import io.efsnas.retraining.RetrainedNetwork;
import io.efsnas.retraining.RetrainingEngine;
import io.efsnas.retraining.RetrainingStates;
import io.efsnas.supernet.Engine;
import java.io.IOException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;

/** Times the training of a final network on the executor that runs it. Nothing is written. */
public final class TimeRetraining implements Function<Integer, EpochTiming> {

    private static final long serialVersionUID = 1;
    private static final double SECONDS = 5;

    private final RetrainingJob job;

    public TimeRetraining(RetrainingJob job) {
        this.job = job;
    }

    @Override
    public EpochTiming call(Integer any) throws Exception {
        return MemoryException.telling(() -> DeviceLoss.endingExecutor(this::time));
    }

    private EpochTiming time() throws IOException {
        RetrainingStates unused =
                new RetrainingStates(job.states(), job.images().hadoop().value());
        NetworkTrainer trainer = new NetworkTrainer(job.schedule(), job.images().dataset(), unused);
        try (RetrainedNetwork network = RetrainingEngine.named(job.engine())
                .create(job.network(), job.resources(TaskPlace.device(Engine.named(job.engine()))))) {
            return trainer.time(network, SECONDS, () -> TaskContext.get().isInterrupted());
        }
    }
}
