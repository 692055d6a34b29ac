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
     * @param ended called on a thread of Spark's with how many shards are done
     * @return a report for each, in their order
     * @throws JobException if a task fails for good
     */
    public List<ShardReport> write(PrepareSpec spec, List<ShardTask> tasks, IntConsumer ended) {
        TaskEnds ends = new TaskEnds(tag, ended);
        spark.sc().addSparkListener(ends);
        try (JobLabel label = new JobLabel(spark, tag, "efsnas-preparing", WORK)) {
            return new StartedJob<>(
                            WORK,
                            spark.parallelize(tasks, tasks.size())
                                    .map(new WriteShard(
                                            spec, new SerializableConfiguration(spark.hadoopConfiguration())))
                                    .collectAsync(),
                            spark)
                    .await();
        } finally {
            spark.sc().removeSparkListener(ends);
        }
    }
}
