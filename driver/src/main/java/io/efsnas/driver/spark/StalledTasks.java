package io.efsnas.driver.spark;

import io.efsnas.job.ScoreSubnets;
import io.efsnas.job.TrainRound;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import scala.collection.JavaConverters;

/**
 * The running tasks of a search, and which of them make no progress; each is told of once until it goes on. Progress is to
 * begin, and what {@link TrainRound#STEP} or {@link ScoreSubnets#BATCH} say of a task, which comes with the heartbeats of
 * its executor.
 */
final class StalledTasks extends TaskListener {

    private static final String JOB_DESCRIPTION = "spark.job.description";

    /** What counts a task's progress, and in what. */
    private static final Map<String, String> UNITS = Map.of(TrainRound.STEP, "step", ScoreSubnets.BATCH, "batch");

    /** A running task, how far it has come, such as "step 7", and since when. */
    private record Progress(String work, String host, String reached, long since, boolean told) {}

    private final Duration limit;
    private final LongSupplier nanoTime;
    private final Map<Long, Progress> tasks = new HashMap<>();

    /**
     * @param tag the tag of the search's jobs
     * @param limit how long a task may be without progress
     */
    StalledTasks(String tag, Duration limit, LongSupplier nanoTime) {
        super(tag);
        this.limit = limit;
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized void onTaskStart(SparkListenerTaskStart start) {
        job(start.stageId())
                .map(job -> job.getProperty(JOB_DESCRIPTION))
                .ifPresent(work -> tasks.put(
                        start.taskInfo().taskId(),
                        new Progress(work, start.taskInfo().host(), "", nanoTime.getAsLong(), false)));
    }

    @Override
    public synchronized void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate heartbeat) {
        JavaConverters.seqAsJavaList(heartbeat.accumUpdates()).forEach(task -> JavaConverters.seqAsJavaList(task._4())
                .forEach(value -> update((Long) task._1(), value)));
    }

    private void update(long task, AccumulableInfo value) {
        Progress progress = tasks.get(task);
        String unit = UNITS.get(value.name().getOrElse(() -> ""));
        if (progress != null && unit != null && value.update().get() instanceof Long count && count > 0) {
            String reached = unit + " " + count;
            if (!reached.equals(progress.reached())) {
                tasks.put(task, new Progress(progress.work(), progress.host(), reached, nanoTime.getAsLong(), false));
            }
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
            lines.add(progress.work() + (progress.reached().isEmpty() ? "" : ", " + progress.reached() + ",") + " on "
                    + progress.host() + " has made no progress for " + limit.toSeconds() + " seconds");
            return new Progress(progress.work(), progress.host(), progress.reached(), progress.since(), true);
        });
        return lines;
    }
}
