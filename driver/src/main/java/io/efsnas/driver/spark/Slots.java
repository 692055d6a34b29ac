package io.efsnas.driver.spark;

import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;

/** How many tasks run at a time. Spark's default parallelism is no measure of it, being at least 2 on a cluster. */
public final class Slots {

    private Slots() {}

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
