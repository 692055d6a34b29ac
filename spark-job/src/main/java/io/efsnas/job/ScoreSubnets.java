package io.efsnas.job;

import io.efsnas.data.Dataset;
import io.efsnas.data.ScoringBatches;
import io.efsnas.scoring.SubnetScore;
import io.efsnas.scoring.SubnetScorer;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.Engine;
import io.efsnas.training.SupernetIndex;
import java.io.IOException;
import java.util.List;
import org.apache.spark.api.java.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Scores subnets on the executor that runs it, with their supernet's checkpoint. */
public final class ScoreSubnets implements Function<ScoreTask, ScoreReport> {

    private static final long serialVersionUID = 1;
    private static final Logger log = LoggerFactory.getLogger(ScoreSubnets.class);

    private final SearchJob job;

    public ScoreSubnets(SearchJob job) {
        this.job = job;
    }

    @Override
    public ScoreReport call(ScoreTask task) throws IOException {
        long start = System.nanoTime();
        Device device = TaskPlace.device(Engine.named(job.engine()));
        Dataset dataset = job.images().dataset();
        try (SupernetLease lease = SupernetLease.take(job, task.supernet(), task.batch(), task.step(), device)) {
            long ready = System.nanoTime();
            log.info(
                    "{}: scoring of {} subnets after step {} begins on {}",
                    SupernetIndex.describe(task.supernet()),
                    task.subnets().size(),
                    task.step(),
                    device);
            ScoringBatches batches =
                    new ScoringBatches(dataset.validation(), task.images(), dataset.normalization(), task.batch());
            List<SubnetScore> scores = SubnetScorer.score(lease.supernet(), task.subnets(), batches);
            lease.keepAt(task.step());
            return new ScoreReport(
                    task.supernet(),
                    scores,
                    TaskPlace.of(device),
                    (ready - start) / 1e9,
                    (System.nanoTime() - ready) / 1e9);
        }
    }
}
