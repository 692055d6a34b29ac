package io.efsnas.driver.spark;

import io.efsnas.job.ProbeSupernet;
import io.efsnas.job.SearchJob;
import io.efsnas.split.Evidence;
import io.efsnas.split.Probe;
import io.efsnas.split.SupernetNode;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;

/** Measures trained supernets on executors, so that they can be split. */
public final class SupernetProbing {

    private final JavaSparkContext spark;
    private final SearchJob job;
    private final Optional<ResourceProfile> profile;

    /**
     * @param profile what a supernet task requests from Spark; empty for Spark's default
     */
    public SupernetProbing(JavaSparkContext spark, SearchJob job, Optional<ResourceProfile> profile) {
        this.spark = spark;
        this.job = job;
        this.profile = profile;
    }

    /**
     * What a probe measures of a supernet.
     *
     * @throws JobException if its task fails for good
     */
    public Evidence measure(SupernetNode node, Probe probe) {
        String work = "measuring " + node.describe() + " for its split, step " + node.lastStep();
        try (JobLabel label = new JobLabel(spark, job.id(), "efsnas-split", work)) {
            JavaRDD<String> input = spark.parallelize(List.of(node.id()), 1);
            return profile.map(input::withResources)
                    .orElse(input)
                    .map(new ProbeSupernet(job, probe))
                    .collect()
                    .get(0)
                    .evidence();
        } catch (Exception e) { // Spark's are checked, and declared nowhere
            throw new JobException(work, e, spark);
        }
    }
}
