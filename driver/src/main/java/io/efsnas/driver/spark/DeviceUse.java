package io.efsnas.driver.spark;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Adds up how long tasks took, for each search of several that run at a time, until it is closed. */
public final class DeviceUse extends TaskListener implements AutoCloseable {

    /** The property of the jobs that threads of a search begin, and those that these have started. */
    private static final String SEARCH = "efsnas.search";

    private static final String ANY_TAG = "";

    private final JavaSparkContext spark;
    private final Map<String, Double> seconds = new ConcurrentHashMap<>();

    public DeviceUse(JavaSparkContext spark) {
        super(ANY_TAG);
        this.spark = spark;
        spark.sc().addSparkListener(this);
    }

    /** From now on the jobs of the calling thread are those of a search. */
    public void count(String search) {
        spark.setLocalProperty(SEARCH, search);
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
        if (end.taskInfo() != null) {
            job(end.stageId())
                    .map(job -> job.getProperty(SEARCH))
                    .ifPresent(search -> seconds.merge(search, end.taskInfo().duration() / 1e3, Double::sum));
        }
    }

    /** Seconds of all tasks of a search that have ended. */
    public double seconds(String search) {
        return seconds.getOrDefault(search, 0.0);
    }

    /** The same of all searches. */
    public double seconds() {
        return seconds.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    @Override
    public void close() {
        spark.sc().removeSparkListener(this);
    }
}
