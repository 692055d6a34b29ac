package io.efsnas.driver.spark;

import io.efsnas.job.TaskPlace;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;

/** What a task that computes with a supernet asks of Spark, stage by stage, where the executors have GPUs. */
public final class GpuProfile {

    private static final String EXECUTOR_GPUS = "spark.executor.resource.gpu.amount";
    private static final String TASK_GPUS = "spark.task.resource.gpu.amount";

    private GpuProfile() {}

    /**
     * Settings for a Spark whose GPUs are shared. How many tasks an executor puts on one GPU Spark 3.5 takes from the
     * application's settings alone, whatever a stage asks for; so with a fraction every task asks for it.
     */
    public static void configure(SparkConf conf, double gpusPerSupernet) {
        if (TaskPlace.isEmbedded(conf)) {
            conf.remove(TASK_GPUS); // embedded Spark assigns none, and a task that asked for one would wait for ever
        } else if (gpusPerSupernet < 1 && conf.getInt(EXECUTOR_GPUS, 0) > 0) {
            conf.set(TASK_GPUS, Double.toString(gpusPerSupernet));
        }
    }

    /**
     * The profile of a task that computes alone, as {@link #of(SparkConf, double)}: it asks for a whole GPU, unless the
     * application's settings let tasks share GPUs.
     */
    public static Optional<ResourceProfile> ofOneTask(SparkConf conf) {
        return of(conf, conf.getDouble(TASK_GPUS, 1));
    }

    /**
     * The profile of supernet tasks; empty where executors have no GPUs, and on embedded Spark, which assigns none.
     *
     * @param gpusPerSupernet 1, or a fraction for several supernets on one GPU
     */
    public static Optional<ResourceProfile> of(SparkConf conf, double gpusPerSupernet) {
        if (TaskPlace.isEmbedded(conf) || conf.getInt(EXECUTOR_GPUS, 0) == 0) {
            return Optional.empty();
        }
        TaskResourceRequests requests = new TaskResourceRequests()
                .cpus(conf.getInt("spark.task.cpus", 1))
                .resource("gpu", gpusPerSupernet);
        return Optional.of(new ResourceProfileBuilder().require(requests).build());
    }

    /**
     * The part of a device that each supernet's task has. Embedded Spark assigns no GPUs, so that all tasks at a time share
     * one; on executors without GPUs it is the part of their memory that the configuration allows.
     *
     * @param gpus the profile of supernet tasks
     * @param gpusPerSupernet 1, or a fraction for several supernets on one GPU
     */
    public static double shareOfATask(JavaSparkContext spark, Optional<ResourceProfile> gpus, double gpusPerSupernet) {
        if (TaskPlace.isEmbedded(spark.getConf())) {
            return Math.min(gpusPerSupernet, 1.0 / Slots.of(spark, Optional.empty()));
        }
        return gpus.isPresent() ? share(spark.getConf(), gpusPerSupernet) : gpusPerSupernet;
    }

    /**
     * The part of a GPU that Spark assigns to a task of this profile, above 0 to 1. What the application's settings say of
     * all tasks decides it, unless executors come for the profile's sake.
     *
     * @param gpusPerSupernet 1, or a fraction for several supernets on one GPU
     */
    public static double share(SparkConf conf, double gpusPerSupernet) {
        boolean executorsComeForIt = conf.getBoolean("spark.dynamicAllocation.enabled", false);
        double asked = executorsComeForIt ? gpusPerSupernet : conf.getDouble(TASK_GPUS, 1);
        return 1 / Math.max(1, Math.floor(1 / asked));
    }
}
