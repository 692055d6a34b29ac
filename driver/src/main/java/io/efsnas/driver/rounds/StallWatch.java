package io.efsnas.driver.rounds;

import io.efsnas.job.TrainRound;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.JavaConverters;

/**
 * Tells of tasks that make no progress, each once until it goes on. Progress is to begin, and what {@link TrainRound#STEPS}
 * says of a task's steps, which comes with the heartbeats of its executor.
 */
public final class StallWatch extends SparkListener implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(StallWatch.class);
    private static final String JOB_DESCRIPTION = "spark.job.description";

    /** A running task, how far it has come, and since when. */
    private record Progress(String work, String host, long step, long since, boolean told) {}

    private final Duration limit;
    private final LongSupplier nanoTime;
    private final Map<Integer, String> workByStage = new HashMap<>();
    private final Map<Long, Progress> tasks = new HashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "efsnas-stall-watch");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * @param limit how long a task may be without progress
     */
    StallWatch(Duration limit, LongSupplier nanoTime) {
        this.limit = limit;
        this.nanoTime = nanoTime;
    }

    /**
     * Begins to watch all tasks of a Spark application, and to log those that stall, until it is closed.
     *
     * @param limit how long a task may be without progress
     */
    public static StallWatch over(SparkContext spark, Duration limit) {
        StallWatch watch = new StallWatch(limit, System::nanoTime);
        spark.addSparkListener(watch);
        watch.timer.scheduleWithFixedDelay(() -> watch.stalled().forEach(log::warn), 1, 1, TimeUnit.SECONDS);
        return watch;
    }

    @Override
    public synchronized void onJobStart(SparkListenerJobStart start) {
        String work = start.properties() == null ? null : start.properties().getProperty(JOB_DESCRIPTION);
        if (work != null) {
            JavaConverters.seqAsJavaList(start.stageIds()).forEach(stage -> workByStage.put((Integer) stage, work));
        }
    }

    @Override
    public synchronized void onTaskStart(SparkListenerTaskStart start) {
        String work = workByStage.get(start.stageId());
        if (work != null) {
            tasks.put(
                    start.taskInfo().taskId(),
                    new Progress(work, start.taskInfo().host(), 0, nanoTime.getAsLong(), false));
        }
    }

    @Override
    public synchronized void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate heartbeat) {
        JavaConverters.seqAsJavaList(heartbeat.accumUpdates()).forEach(task -> JavaConverters.seqAsJavaList(task._4())
                .forEach(value -> update((Long) task._1(), value)));
    }

    private void update(long task, AccumulableInfo value) {
        Progress progress = tasks.get(task);
        boolean isStep = value.name().contains(TrainRound.STEPS);
        if (progress != null && isStep && value.update().get() instanceof Long step && step > progress.step()) {
            tasks.put(task, new Progress(progress.work(), progress.host(), step, nanoTime.getAsLong(), false));
        }
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
        if (end.taskInfo() != null) {
            tasks.remove(end.taskInfo().taskId());
        }
    }

    /** What is to be told of the tasks that have stalled since the last call. */
    synchronized List<String> stalled() {
        long now = nanoTime.getAsLong();
        List<String> lines = new ArrayList<>();
        tasks.replaceAll((task, progress) -> {
            if (progress.told() || now - progress.since() < limit.toNanos()) {
                return progress;
            }
            lines.add(progress.work() + (progress.step() > 0 ? ", step " + progress.step() + "," : "") + " on "
                    + progress.host() + " has made no progress for " + limit.toSeconds() + " seconds");
            return new Progress(progress.work(), progress.host(), progress.step(), progress.since(), true);
        });
        return lines;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
