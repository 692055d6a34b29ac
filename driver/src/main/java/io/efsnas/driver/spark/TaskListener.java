package io.efsnas.driver.spark;

import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import scala.collection.JavaConverters;

/** Listens to the tasks of the jobs that have a tag, since Spark may be shared with others. */
public abstract class TaskListener extends SparkListener {

    /** Where Spark tells its listeners of the tags of a job. */
    private static final String TAGS = "spark.job.tags";

    private final String tag;
    private final Map<Object, Properties> jobByStage = new ConcurrentHashMap<>();

    protected TaskListener(String tag) {
        this.tag = tag;
    }

    @Override
    public final void onJobStart(SparkListenerJobStart job) {
        if (job.properties() != null && job.properties().getProperty(TAGS, "").contains(tag)) {
            JavaConverters.seqAsJavaList(job.stageIds()).forEach(stage -> jobByStage.put(stage, job.properties()));
        }
    }

    /** The properties of the job that a stage belongs to; empty if the job has not the tag. */
    protected final Optional<Properties> job(int stage) {
        return Optional.ofNullable(jobByStage.get(stage));
    }
}
