package io.efsnas.job;

import io.efsnas.data.Dataset;
import io.efsnas.data.ScoringBatches;
import io.efsnas.measure.MeasureContext;
import io.efsnas.measure.MeasureContext.Trained;
import io.efsnas.scoring.Recalibration;
import io.efsnas.scoring.SubnetScore;
import io.efsnas.scoring.SubnetScorer;
import io.efsnas.split.SupernetNode;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.Supernet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.LongAccumulator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Scores subnets on the executor that runs it, with their supernet's checkpoint. */
public final class ScoreSubnets implements Function<ScoreTask, ScoreReport> {

    private static final long serialVersionUID = 1;
    private static final Logger log = LoggerFactory.getLogger(ScoreSubnets.class);

    /** The name of the accumulator of how many batches a task has scored all its subnets on. */
    public static final String BATCH = "efsnas.batch";

    private final SharedJob shared;
    private final LongAccumulator batches;

    /**
     * @param batches called with how many batches all subnets have been scored on
     */
    public ScoreSubnets(SharedJob shared, LongAccumulator batches) {
        this.shared = shared;
        this.batches = batches;
    }

    @Override
    public ScoreReport call(ScoreTask task) throws Exception {
        return MemoryException.telling(() -> DeviceLoss.endingExecutor(() -> score(task)));
    }

    private ScoreReport score(ScoreTask task) throws IOException {
        SearchJob job = shared.job();
        long start = System.nanoTime();
        Device device = TaskPlace.device(job.engine().engine());
        SupernetNode node = job.tree().node(task.node());
        Dataset dataset = job.images().dataset();
        try (SupernetLease lease = SupernetLease.take(job, node, largestBatch(task), task.step(), device)) {
            long ready = System.nanoTime();
            log.info(
                    "{}: scoring of {} subnets after step {} begins on {}",
                    node.describe(),
                    task.subnets().size(),
                    task.step(),
                    device);
            ScoringBatches images = new ScoringBatches(
                    dataset.validation(),
                    task.images().images(),
                    dataset.normalization(),
                    task.images().batch());
            List<SubnetScore> scores = measured(
                    task, node, lease.supernet(), images, scores(task, lease.supernet(), images, this::scored));
            lease.keepAt(task.step());
            return new ScoreReport(
                    task.node(),
                    scores,
                    TaskPlace.of(device),
                    (ready - start) / 1e9,
                    (System.nanoTime() - ready) / 1e9);
        }
    }

    /** Scores the subnets of a task. */
    List<SubnetScore> scores(ScoreTask task, Supernet supernet, ScoringBatches images, Runnable scored) {
        if (task.images().recalibration() == 0) {
            return SubnetScorer.score(supernet, task.subnets(), images, scored);
        }
        SearchJob job = shared.job();
        Recalibration recalibration = new Recalibration(
                new MeasuringImages(job.images(), job.plan().augmentation())
                        .recalibratingBatches(job.plan().batch(), job.plan().seed()),
                task.images().recalibration());
        return SubnetScorer.score(supernet, task.subnets(), recalibration, images, scored);
    }

    /** Measures and recalibration are given batches as they train. */
    int largestBatch(ScoreTask task) {
        return task.measures().imageBatches() > 0 || task.images().recalibration() > 0
                ? Math.max(task.images().batch(), shared.job().plan().batch())
                : task.images().batch();
    }

    /** The scores with what else the task asks for. */
    List<SubnetScore> measured(
            ScoreTask task, SupernetNode node, Supernet supernet, ScoringBatches images, List<SubnetScore> scores) {
        if (task.measures().columns().isEmpty()) {
            return scores;
        }
        SearchJob job = shared.job();
        MeasuringImages training = new MeasuringImages(job.images(), job.plan().augmentation());
        MeasureContext context = MeasureContext.ofArchitectures(job.tree().space(), node.size())
                .with(new Trained(
                        supernet,
                        supernet.state(),
                        images,
                        training.batches(
                                task.measures().imageBatches(),
                                job.plan().batch(),
                                job.plan().seed())));
        List<SubnetScore> measured = new ArrayList<>();
        for (SubnetScore score : scores) {
            measured.add(score.with(
                    task.measures().measure(score.architecture(), context).values()));
            TaskContext.get().killTaskIfInterrupted();
        }
        return measured;
    }

    /** Cancelled without interrupting the thread: what is done of the task is lost, which is a minute's work or so. */
    private void scored() {
        batches.add(1);
        TaskContext.get().killTaskIfInterrupted();
    }
}
