package io.efsnas.driver.spark;

import io.efsnas.driver.process.AwakeClock;
import io.efsnas.driver.process.DaemonTimer;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Names supernets that make no progress in the log, until it is closed. */
public final class StallWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(StallWatch.class);

    private final SparkContext spark;
    private final StalledTasks tasks;
    private final ScheduledExecutorService timer = DaemonTimer.of("efsnas-stall-watch");

    /**
     * @param tag the tag of the search's jobs
     * @param limit how long a task may be without progress
     */
    @SuppressWarnings("FutureReturnValueIgnored") // its task only looks and logs
    public StallWatch(SparkContext spark, String tag, Duration limit) {
        this.spark = spark;
        this.tasks = new StalledTasks(tag, limit, AwakeClock::nanoTime);
        spark.addSparkListener(tasks);
        timer.scheduleWithFixedDelay(() -> tasks.stalled().forEach(log::warn), 1, 1, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        spark.removeSparkListener(tasks);
    }
}
