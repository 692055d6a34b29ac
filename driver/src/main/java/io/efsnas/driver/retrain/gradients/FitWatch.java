package io.efsnas.driver.retrain.gradients;

import io.efsnas.driver.process.DaemonTimer;
import io.efsnas.driver.spark.JobLabel;
import io.efsnas.driver.spark.Secrets;
import io.efsnas.driver.spark.TaskListener;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.TaskKilled;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/**
 * Ends the jobs of a fit of gradient sharing that would not end by themselves: DL4J waits without limit for messages that
 * are lost, and the other workers for one that has failed, which another try of Spark's does not bring back among them.
 */
final class FitWatch extends TaskListener implements AutoCloseable {

    private final JavaSparkContext spark;
    private final LongSupplier progress;
    private final Duration stalledAfter;
    private final String tag;
    private final String interruptBefore;
    private final AtomicReference<String> failure = new AtomicReference<>();
    private final ScheduledExecutorService clock = DaemonTimer.of("efsnas-fit-watch");
    private long reached;
    private long reachedAt = System.nanoTime();

    /**
     * Watches the jobs that this thread starts until it is closed.
     *
     * @param progress a number that changes while all is well
     */
    FitWatch(JavaSparkContext spark, LongSupplier progress, Duration stalledAfter) {
        this(spark, progress, stalledAfter, "efsnas-fit-" + UUID.randomUUID());
    }

    private FitWatch(JavaSparkContext spark, LongSupplier progress, Duration stalledAfter, String tag) {
        super(tag);
        this.spark = spark;
        this.tag = tag;
        this.interruptBefore = spark.getLocalProperty(JobLabel.INTERRUPT);
        this.progress = progress;
        this.stalledAfter = stalledAfter;
        spark.addJobTag(tag);
        spark.setLocalProperty(JobLabel.INTERRUPT, "true"); // DL4J's tasks that wait for each other end by nothing else
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
    public void onTaskEnd(SparkListenerTaskEnd task) {
        if (job(task.stageId()).isPresent()
                && task.reason() instanceof TaskFailedReason reason
                && !(reason instanceof TaskKilled)) {
            String why = reason.toErrorString().lines().findFirst().orElse("");
            end("a worker failed on " + task.taskInfo().host() + ": " + Secrets.hide(why, spark));
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
        spark.setLocalProperty(JobLabel.INTERRUPT, interruptBefore);
    }
}
