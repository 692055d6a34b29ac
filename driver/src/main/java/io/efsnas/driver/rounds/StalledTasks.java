package io.efsnas.driver.rounds;

import io.efsnas.job.TrainRound;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.LongSupplier;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import scala.collection.JavaConverters;

/**
 * The running tasks of a search, and which of them make no progress; each is told of once until it goes on. Progress is to
 * begin, and what {@link TrainRound#STEPS} says of a task's steps, which comes with the heartbeats of its executor.
 */
final class StalledTasks extends SparkListener {

    private static final String JOB_DESCRIPTION = "spark.job.description";
    private static final String JOB_TAGS = "spark.job.tags";

    /** A running task, how far it has come, and since when. */
    private record Progress(String work, String host, long step, long since, boolean told) {}

    private final String tag;
    private final Duration limit;
    private final LongSupplier nanoTime;
    private final Map<Integer, String> workByStage = new HashMap<>();
    private final Map<Long, Progress> tasks = new HashMap<>();

    /**
     * @param tag of the search's jobs
     * @param limit how long a task may be without progress
     */
    StalledTasks(String tag, Duration limit, LongSupplier nanoTime) {
        this.tag = tag;
        this.limit = limit;
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized void onJobStart(SparkListenerJobStart start) {
        Properties job = start.properties();
        if (job != null && job.getProperty(JOB_TAGS, "").contains(tag)) {
            String work = job.getProperty(JOB_DESCRIPTION);
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
}
