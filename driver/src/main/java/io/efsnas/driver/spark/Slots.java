package io.efsnas.driver.spark;

import io.efsnas.job.TaskPlace;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;
import scala.collection.JavaConverters;

/** How many tasks run at a time. Spark's default parallelism is no measure of it, being at least 2 on a cluster. */
public final class Slots {

    private static final long NONE_FOR_MILLIS = 3_000;
    private static final long LONGEST_MILLIS = 30_000;
    private static final long LOOK_EVERY_MILLIS = 200;

    private Slots() {}

    /**
     * The same once the executors of a cluster have come, for what their number decides for good. A job waits for the first
     * one, and has clusters that start executors on demand begin to; the rest is waited for until none has come for some
     * seconds.
     *
     * @param profile what a task requests from Spark; empty for Spark's default
     */
    public static int settled(JavaSparkContext spark, Optional<ResourceProfile> profile) {
        if (!TaskPlace.isEmbedded(spark.getConf())) {
            JavaRDD<Integer> one = spark.parallelize(List.of(0), 1);
            profile.map(one::withResources).orElse(one).count();
            long longest = System.currentTimeMillis() + LONGEST_MILLIS;
            while (System.currentTimeMillis() < Math.min(longest, newestExecutor(spark) + NONE_FOR_MILLIS)) {
                try {
                    Thread.sleep(LOOK_EVERY_MILLIS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("interrupted while executors were starting", e);
                }
            }
        }
        return of(spark, profile);
    }

    /** When it came, in milliseconds of the epoch. */
    private static long newestExecutor(JavaSparkContext spark) {
        return JavaConverters.seqAsJavaList(spark.sc().statusStore().executorList(true)).stream()
                .mapToLong(executor -> executor.addTime().getTime())
                .max()
                .orElse(0);
    }

    /**
     * Of the executors that there are now; at least 1.
     *
     * @param profile what a task requests from Spark; empty for Spark's default
     */
    public static int of(JavaSparkContext spark, Optional<ResourceProfile> profile) {
        ResourceProfile asked =
                profile.orElseGet(() -> spark.sc().resourceProfileManager().defaultResourceProfile());
        spark.sc().resourceProfileManager().addResourceProfile(asked); // as the first job that requests it would
        return Math.max(1, spark.sc().maxNumConcurrentTasks(asked));
    }
}
