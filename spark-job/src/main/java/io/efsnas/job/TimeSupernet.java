package io.efsnas.job;

import io.efsnas.data.Dataset;
import io.efsnas.data.ScoringBatches;
import io.efsnas.scoring.SubnetScore;
import io.efsnas.scoring.SubnetScorer;
import io.efsnas.space.Architecture;
import io.efsnas.split.SupernetNode;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.machine.ProcessMemory;
import io.efsnas.training.StepTimer;
import io.efsnas.training.SupernetTrainer;
import io.efsnas.training.TrainingScheme;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;

/**
 * Times a supernet with fresh weights on the executor that runs it: steps from the middle of its training, and the scoring
 * of subnets. Nothing is written.
 */
public final class TimeSupernet implements Function<ScoreTask, SupernetTiming> {

    private static final long serialVersionUID = 1;
    private static final double SECONDS = 4;

    /** Steps in which enough subnets are drawn to stand for all. */
    private static final int ENOUGH = 300;

    private final SharedJob shared;

    public TimeSupernet(SharedJob shared) {
        this.shared = shared;
    }

    /**
     * @param task what is scored
     */
    @Override
    public SupernetTiming call(ScoreTask task) throws Exception {
        return MemoryException.telling(() -> DeviceLoss.endingExecutor(() -> time(task)));
    }

    private SupernetTiming time(ScoreTask task) throws IOException {
        SearchJob job = shared.job();
        Device device = TaskPlace.device(job.engine().engine());
        SupernetNode node = job.tree().node(task.node());
        double step = step(node, device);
        Dataset dataset = job.images().dataset();
        ScoringBatches images = new ScoringBatches(
                dataset.validation(),
                task.images().images(),
                dataset.normalization(),
                task.images().batch());
        ScoreSubnets scoring = new ScoreSubnets(shared, null);
        try (Supernet supernet = supernet(node, scoring.largestBatch(task), device)) {
            score(supernet, task.subnets().subList(0, 1), images);
            long start = System.nanoTime();
            List<SubnetScore> scores = score(supernet, task.subnets(), images);
            double scored = since(start) / task.subnets().size() / images.count();
            start = System.nanoTime();
            scoring.measured(task, node, supernet, images, scores);
            return new SupernetTiming(
                    node.id(),
                    TaskPlace.of(device),
                    job.engine().engine().description(device),
                    step,
                    scored,
                    since(start) / task.subnets().size(),
                    ProcessMemory.peak());
        }
    }

    private Supernet supernet(SupernetNode node, int batch, Device device) {
        SearchJob job = shared.job();
        return job.engine().engine().create(job.spec(node, batch), job.engine().resources(device));
    }

    private static List<SubnetScore> score(Supernet supernet, List<Architecture> subnets, ScoringBatches images) {
        return SubnetScorer.score(supernet, subnets, images, TaskContext.get()::killTaskIfInterrupted);
    }

    /** Seconds of a training step. */
    private double step(SupernetNode node, Device device) throws IOException {
        SearchJob job = shared.job();
        TrainingScheme scheme = job.plan().scheme().create();
        scheme.restore(Map.of());
        SupernetTrainer trainer = new SupernetTrainer(
                job.plan(), scheme, node, job.images().dataset(), job.checkpoints(node), 0, any -> {});
        try (Supernet supernet = supernet(node, job.plan().batch(), device)) {
            return StepTimer.secondsOf(steps -> take(trainer, supernet, node, steps), SECONDS, ENOUGH);
        }
    }

    /** Takes some steps from the middle of the training; those of a short training are taken more than once. */
    private void take(SupernetTrainer trainer, Supernet supernet, SupernetNode node, int steps) throws IOException {
        long all = (long) node.width() * shared.job().plan().steps();
        long from = all / 2;
        for (long left = steps; left > 0; ) {
            long now = Math.min(left, all - from);
            trainer.trainShare(
                    supernet, from, from + now, any -> TaskContext.get().isInterrupted());
            left -= now;
        }
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
