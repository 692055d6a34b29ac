package io.efsnas.driver.rounds;

import io.efsnas.job.ScoreReport;
import io.efsnas.job.ScoreSubnets;
import io.efsnas.job.ScoreTask;
import io.efsnas.job.SearchJob;
import io.efsnas.space.Architecture;
import io.efsnas.space.Subspace;
import io.efsnas.training.SupernetIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.apache.spark.Success$;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Scores subnets of all supernets on all executors, as one Spark job. */
public final class SubnetScoring {

    /** Subnets of a task: enough to share a batch and a supernet, few enough to keep all devices busy to the end. */
    private static final int MAX_CHUNK = 64;

    private static final int CHUNKS_PER_SLOT = 8;

    private final JavaSparkContext spark;
    private final SearchJob job;
    private final Optional<ResourceProfile> profile;
    private final long step;
    private final int batch;
    private final int images;

    /**
     * @param profile what a supernet task asks of Spark; empty for Spark's default
     * @param step how many steps the supernets have taken
     * @param batch images scored at a time
     * @param images of the validation part to score on
     */
    public SubnetScoring(
            JavaSparkContext spark,
            SearchJob job,
            Optional<ResourceProfile> profile,
            long step,
            int batch,
            int images) {
        this.spark = spark;
        this.job = job;
        this.profile = profile;
        this.step = step;
        this.batch = batch;
        this.images = images;
    }

    /**
     * Scores architectures with their own subspaces' supernets.
     *
     * @param scored is told, on a thread of Spark's, how many tasks of how many have ended
     * @throws SupernetException if a task fails for good
     */
    public List<ScoreReport> score(Map<Subspace, List<Architecture>> architectures, Progress scored) {
        List<ScoreTask> tasks = tasks(architectures);
        TaskEnds ends = new TaskEnds(done -> scored.tasksDone(done, tasks.size()));
        spark.sc().addSparkListener(ends);
        try (JobLabel label = new JobLabel(spark, job.id(), "efsnas-scoring", describe(architectures))) {
            JavaRDD<ScoreTask> input = spark.parallelize(tasks, Math.max(1, tasks.size()));
            return profile.map(input::withResources)
                    .orElse(input)
                    .map(new ScoreSubnets(job))
                    .collect();
        } catch (Exception e) {
            spark.cancelJobsWithTag(job.id()); // an interrupted thread leaves its job running
            throw new SupernetException(
                    "scoring", e, text -> Secrets.hide(text, spark.getConf(), spark.hadoopConfiguration()));
        } finally {
            spark.sc().removeSparkListener(ends);
        }
    }

    /** Such as {@code scoring: 200 subnets of supernet 0, supernet 2, after step 4000}. */
    private String describe(Map<Subspace, List<Architecture>> architectures) {
        String supernets = architectures.keySet().stream()
                .map(Subspace::index)
                .sorted()
                .map(SupernetIndex::describe)
                .collect(Collectors.joining(", "));
        return "scoring: " + count(architectures) + " subnets of " + supernets + ", after step " + step;
    }

    private static int count(Map<Subspace, List<Architecture>> architectures) {
        return architectures.values().stream().mapToInt(List::size).sum();
    }

    /** How far scoring has come. */
    @FunctionalInterface
    public interface Progress {
        void tasksDone(int done, int of);
    }

    private List<ScoreTask> tasks(Map<Subspace, List<Architecture>> architectures) {
        int chunk =
                Math.max(1, Math.min(MAX_CHUNK, count(architectures) / (spark.defaultParallelism() * CHUNKS_PER_SLOT)));
        List<ScoreTask> tasks = new ArrayList<>();
        architectures.forEach((subspace, own) -> {
            for (int from = 0; from < own.size(); from += chunk) {
                List<Architecture> part = List.copyOf(own.subList(from, Math.min(own.size(), from + chunk)));
                tasks.add(new ScoreTask(subspace.index(), step, part, batch, images));
            }
        });
        return tasks;
    }

    private static final class TaskEnds extends SparkListener {
        private final IntConsumer listener;
        private final AtomicInteger done = new AtomicInteger();

        TaskEnds(IntConsumer listener) {
            this.listener = listener;
        }

        @Override
        public void onTaskEnd(SparkListenerTaskEnd end) {
            if (end.reason() instanceof Success$) {
                listener.accept(done.incrementAndGet());
            }
        }
    }
}
