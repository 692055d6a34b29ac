package io.efsnas.driver.spark;

import io.efsnas.data.prepare.PrepareSpec;
import io.efsnas.data.prepare.ShardReport;
import io.efsnas.data.prepare.ShardTask;
import io.efsnas.job.WriteShard;
import java.util.List;
import java.util.UUID;
import java.util.function.IntConsumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;

/** Writes shards of images on all executors. */
public final class ShardWriting {

    private static final String WORK = "preparing images";

    private final JavaSparkContext spark;
    private final String tag = UUID.randomUUID().toString();

    public ShardWriting(JavaSparkContext spark) {
        this.spark = spark;
    }

    /**
     * Writes shards.
     *
     * @param ended called with how many shards are done, in the end with all, mostly on a thread of Spark's
     * @return a report for each, in their order
     * @throws JobException if a task fails for good
     */
    public List<ShardReport> write(PrepareSpec spec, List<ShardTask> tasks, IntConsumer ended) {
        TaskEnds ends = new TaskEnds(tag, tasks.size(), ended);
        spark.sc().addSparkListener(ends);
        try (JobLabel label = new JobLabel(spark, tag, "efsnas-preparing", WORK)) {
            List<ShardReport> reports = new StartedJob<>(
                            WORK,
                            spark.parallelize(tasks, tasks.size())
                                    .map(new WriteShard(
                                            spec, new SerializableConfiguration(spark.hadoopConfiguration())))
                                    .collectAsync(),
                            spark)
                    .await();
            ends.allEnded();
            return reports;
        } finally {
            spark.sc().removeSparkListener(ends);
        }
    }
}
