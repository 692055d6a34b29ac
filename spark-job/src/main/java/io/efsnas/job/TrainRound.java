package io.efsnas.job;

import io.efsnas.data.Dataset;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.Engine;
import io.efsnas.training.RoundMetrics;
import io.efsnas.training.SupernetTrainer;
import java.io.IOException;
import org.apache.spark.api.java.function.Function;

/** Trains a supernet for one round on the executor that runs it. */
public final class TrainRound implements Function<RoundTask, RoundReport> {

    private static final long serialVersionUID = 1;

    private final SearchJob job;

    public TrainRound(SearchJob job) {
        this.job = job;
    }

    @Override
    public RoundReport call(RoundTask task) throws IOException {
        long start = System.nanoTime();
        Device device = TaskPlace.assignedDevice();
        Dataset dataset = ExecutorMemory.get().dataset(job);
        try (SupernetLease lease =
                SupernetLease.take(job, task.supernet(), job.plan().batch(), task.fromStep(), device)) {
            double preparation = (System.nanoTime() - start) / 1e9;
            SupernetTrainer trainer =
                    new SupernetTrainer(job.plan(), job.partition(), task.supernet(), dataset, lease.checkpoints());
            RoundMetrics metrics = trainer.train(lease.supernet(), task.fromStep(), task.toStep());
            if (!job.plan().sharedParts()) { // else its next round begins with what the others have learned, too
                lease.keepAt(task.toStep());
            }
            return new RoundReport(
                    task.round(),
                    metrics,
                    TaskPlace.of(device),
                    Engine.named(job.engine()).description(),
                    job.threads(),
                    lease.restored(),
                    preparation);
        }
    }
}
