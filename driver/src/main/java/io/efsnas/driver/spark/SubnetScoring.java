package io.efsnas.driver.spark;

import io.efsnas.job.ScoreReport;
import io.efsnas.job.ScoreSubnets;
import io.efsnas.job.ScoreTask;
import io.efsnas.job.ScoringImages;
import io.efsnas.job.SearchJob;
import io.efsnas.job.SharedJob;
import io.efsnas.measure.Measures;
import io.efsnas.space.Architecture;
import io.efsnas.split.SupernetNode;
import io.efsnas.split.SupernetTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;

/**
 * Scores subnets of all supernets on all executors. A Spark job scores some of them, supernet by supernet; all jobs are begun
 * at once, so that no device waits between them.
 */
public final class SubnetScoring {

    /** About how many parts the scores come in. */
    private static final int PARTS = 20;

    /** Subnets of a task: enough to share a batch and a supernet, few enough to keep all devices busy to the end. */
    private static final int MAX_CHUNK = 64;

    private static final int CHUNKS_PER_SLOT = 8;

    private final JavaSparkContext spark;
    private final SearchJob job;
    private final Optional<ResourceProfile> profile;
    private final long step;
    private final ScoringImages images;
    private final Measures measures;

    /**
     * @param profile what a supernet task requests from Spark; empty for Spark's default
     * @param step how many steps the supernets have taken
     * @param images what subnets are scored on
     * @param measures further ones, which need trained supernets
     */
    public SubnetScoring(
            JavaSparkContext spark,
            SearchJob job,
            Optional<ResourceProfile> profile,
            long step,
            ScoringImages images,
            Measures measures) {
        this.spark = spark;
        this.job = job;
        this.profile = profile;
        this.step = step;
        this.images = images;
        this.measures = measures;
    }

    /** The supernets that score. */
    public SupernetTree tree() {
        return job.tree();
    }

    /**
     * Scores architectures.
     *
     * @param architectures the architectures by the supernets that score them
     * @param scored called with how many tasks of how many have ended, in the end with all, mostly on a thread of Spark's
     * @param made called with the scores of each job
     * @throws JobException if a task fails for good
     */
    public List<ScoreReport> score(
            Map<SupernetNode, List<Architecture>> architectures, Progress scored, Consumer<List<ScoreReport>> made) {
        List<ScoreTask> tasks = tasks(architectures);
        TaskEnds ends = new TaskEnds(job.id(), tasks.size(), done -> scored.tasksDone(done, tasks.size()));
        spark.sc().addSparkListener(ends);
        List<ScoreReport> reports = new ArrayList<>();
        List<StartedJob<ScoreReport>> parts = begin(tasks);
        try {
            for (StartedJob<ScoreReport> part : parts) {
                List<ScoreReport> done = part.await();
                reports.addAll(done);
                made.accept(done);
            }
            ends.allEnded();
            return reports;
        } finally {
            parts.forEach(StartedJob::cancel); // the rest, if one has failed
            spark.sc().removeSparkListener(ends);
        }
    }

    private List<StartedJob<ScoreReport>> begin(List<ScoreTask> tasks) {
        int most = 1 + tasks.size() / PARTS;
        SharedJob shared = new SharedJob(spark, job);
        List<StartedJob<ScoreReport>> parts = new ArrayList<>();
        for (int from = 0; from < tasks.size(); ) {
            int to = Math.min(from + most, tasks.size());
            String work = "scoring by "
                    + tasks.subList(from, to).stream()
                            .map(ScoreTask::node)
                            .distinct()
                            .map(SupernetNode::describe)
                            .collect(Collectors.joining(", "))
                    + ", step " + step;
            try (JobLabel label = new JobLabel(spark, job.id(), "efsnas-scoring", work)) {
                JavaRDD<ScoreTask> input = spark.parallelize(List.copyOf(tasks.subList(from, to)), to - from);
                parts.add(new StartedJob<>(
                        work,
                        profile.map(input::withResources)
                                .orElse(input)
                                .map(new ScoreSubnets(shared, spark.sc().longAccumulator(ScoreSubnets.BATCH)))
                                .collectAsync(),
                        spark));
            }
            from = to;
        }
        return parts;
    }

    /** How far scoring has come. */
    @FunctionalInterface
    public interface Progress {
        void tasksDone(int done, int of);
    }

    private List<ScoreTask> tasks(Map<SupernetNode, List<Architecture>> architectures) {
        int total = architectures.values().stream().mapToInt(List::size).sum();
        int chunk = Math.max(1, Math.min(MAX_CHUNK, total / (spark.defaultParallelism() * CHUNKS_PER_SLOT)));
        List<ScoreTask> tasks = new ArrayList<>();
        architectures.forEach((leaf, own) -> {
            for (int from = 0; from < own.size(); from += chunk) {
                List<Architecture> part = List.copyOf(own.subList(from, Math.min(own.size(), from + chunk)));
                tasks.add(new ScoreTask(leaf.id(), step, part, images, measures));
            }
        });
        return tasks;
    }
}
