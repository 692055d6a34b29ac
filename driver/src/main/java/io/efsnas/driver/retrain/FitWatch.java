package io.efsnas.driver.retrain;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.TaskKilled;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.collection.JavaConverters;

/**
 * Ends the jobs of a fit of gradient sharing that would not end by themselves: DL4J waits without limit for messages that
 * are lost, and the other workers for one that has failed, which another try of Spark's does not bring back among them.
 */
final class FitWatch extends SparkListener implements AutoCloseable {

    /** Where Spark tells its listeners of the tags of a job. */
    private static final String TAGS = "spark.job.tags";

    private final JavaSparkContext spark;
    private final LongSupplier progress;
    private final Duration stalledAfter;
    private final String tag = "efsnas-" + UUID.randomUUID();
    private final Set<Object> stages = ConcurrentHashMap.newKeySet();
    private final AtomicReference<String> failure = new AtomicReference<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "efsnas-fit-watch");
        thread.setDaemon(true);
        return thread;
    });
    private long reached;
    private long reachedAt = System.nanoTime();

    /**
     * Watches the jobs that this thread starts until it is closed.
     *
     * @param progress a number that changes while all is well
     */
    FitWatch(JavaSparkContext spark, LongSupplier progress, Duration stalledAfter) {
        this.spark = spark;
        this.progress = progress;
        this.stalledAfter = stalledAfter;
        spark.addJobTag(tag);
        spark.sc().addSparkListener(this);
        Future<?> unused = clock.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    /** Why the jobs were ended, if they were. */
    Optional<String> failure() {
        return Optional.ofNullable(failure.get());
    }

    private void look() {
        long now = System.nanoTime();
        if (progress.getAsLong() != reached) {
            reached = progress.getAsLong();
            reachedAt = now;
        } else if (now - reachedAt > stalledAfter.toNanos()) {
            end("no gradient has reached the driver for " + stalledAfter.toSeconds()
                    + " seconds (cluster.stalled-after); it and the executors need to reach each other by UDP");
        }
    }

    @Override
    public void onJobStart(SparkListenerJobStart job) {
        if (job.properties() != null && job.properties().getProperty(TAGS, "").contains(tag)) {
            stages.addAll(JavaConverters.seqAsJavaList(job.stageIds()));
        }
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd task) {
        if (stages.contains(task.stageId())
                && task.reason() instanceof TaskFailedReason reason
                && !(reason instanceof TaskKilled)) {
            end("a worker failed on " + task.taskInfo().host() + ": "
                    + reason.toErrorString().lines().findFirst().orElse(""));
        }
    }

    private void end(String why) {
        if (failure.compareAndSet(null, why)) {
            spark.cancelJobsWithTag(tag);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        spark.sc().removeSparkListener(this);
        spark.removeJobTag(tag);
    }
}
