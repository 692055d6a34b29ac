package io.efsnas.job;

import io.efsnas.data.Dataset;
import io.efsnas.split.SupernetNode;
import io.efsnas.supernet.Device;
import io.efsnas.training.Relatives;
import io.efsnas.training.RoundMetrics;
import io.efsnas.training.SupernetTrainer;
import io.efsnas.training.TrainingScheme;
import java.io.IOException;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.LongAccumulator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains a supernet for one round on the executor that runs it. */
public final class TrainRound implements Function<RoundTask, RoundReport> {

    private static final long serialVersionUID = 1;
    private static final Logger log = LoggerFactory.getLogger(TrainRound.class);

    /** The name of the accumulator of how many steps a task's supernet has taken. */
    public static final String STEP = "efsnas.step";

    private final SharedJob shared;
    private final LongAccumulator steps;

    /**
     * @param steps called with how many steps the supernet has taken
     */
    public TrainRound(SharedJob shared, LongAccumulator steps) {
        this.shared = shared;
        this.steps = steps;
    }

    @Override
    public RoundReport call(RoundTask task) throws Exception {
        return MemoryException.telling(() -> DeviceLoss.endingExecutor(() -> train(task)));
    }

    private RoundReport train(RoundTask task) throws IOException {
        SearchJob job = shared.job();
        long begun = System.currentTimeMillis();
        long start = System.nanoTime();
        Device device = TaskPlace.device(job.engine().engine());
        SupernetNode node = job.tree().node(task.node());
        job.engine().requireBuild(node.describe(), device);
        Dataset dataset = job.images().dataset();
        try (SupernetLease lease = SupernetLease.takeInRound(job, node, task.fromStep(), task.toStep(), device);
                RelativeSupernets others = RelativeSupernets.on(job, device)) {
            TrainingScheme scheme = job.plan().scheme().create();
            Relatives relatives = others.of(node, scheme.learnsFrom(), task.fromStep());
            double preparation = (System.nanoTime() - start) / 1e9;
            scheme.restore(lease.scheme());
            SupernetTrainer trainer = new SupernetTrainer(
                    job.plan(),
                    scheme,
                    node,
                    dataset,
                    job.checkpoints(node),
                    job.checkpoints().everySteps(),
                    SupernetMetrics.reporter(task.node(), task.toStep(), device));
            log.info(
                    "{}: round {}, steps {} to {}, begins after step {} on {}",
                    node.describe(),
                    task.round() + 1,
                    task.fromStep(),
                    task.toStep(),
                    lease.round().step(),
                    device);
            RoundMetrics metrics = trainer.train(lease.supernet(), relatives, lease.round(), task.toStep(), this::stop);
            if (!node.phase().sharesParts()) { // else its next round begins with what the others have learned, too
                lease.keepAt(task.toStep(), scheme.state());
            }
            return new RoundReport(
                    task.round(),
                    begun,
                    metrics,
                    TaskPlace.of(device),
                    job.engine().engine().description(device),
                    job.engine().threads(),
                    lease.restored(),
                    preparation,
                    job.engine().share(device),
                    List.of());
        }
    }

    /** Cancelled without interrupting the thread: the step is ended, and a checkpoint written. */
    private boolean stop(long step) {
        steps.add(step - steps.value());
        return TaskContext.get().isInterrupted();
    }
}
