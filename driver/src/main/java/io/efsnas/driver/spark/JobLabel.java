package io.efsnas.driver.spark;

import java.util.HashMap;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Labels the Spark jobs that a thread begins, until {@link #close}. Spark may be shared with others, as in a notebook: by
 * their tag a search cancels its own jobs only, and a job group that the thread already has stays, so that cancelling a
 * notebook's cell cancels the search in it.
 */
public final class JobLabel implements AutoCloseable {

    private static final String GROUP = "spark.jobGroup.id";
    private static final String DESCRIPTION = "spark.job.description";

    /** The property of a thread that says whether the tasks of its jobs are interrupted when these are cancelled. */
    public static final String INTERRUPT = "spark.job.interruptOnCancel";

    private final JavaSparkContext spark;
    private final String tag;
    private final Map<String, String> outer = new HashMap<>();

    /**
     * @param tag the tag of all jobs of a search
     * @param group the group for a thread that has none
     */
    public JobLabel(JavaSparkContext spark, String tag, String group, String description) {
        this.spark = spark;
        this.tag = tag;
        spark.addJobTag(tag);
        set(GROUP, spark.getLocalProperty(GROUP) == null ? group : spark.getLocalProperty(GROUP));
        set(DESCRIPTION, description);
        set(INTERRUPT, "false"); // a cancelled task ends its step and writes a checkpoint
    }

    private void set(String property, String value) {
        outer.put(property, spark.getLocalProperty(property));
        spark.setLocalProperty(property, value);
    }

    @Override
    public void close() {
        spark.removeJobTag(tag);
        outer.forEach(spark::setLocalProperty);
    }
}
