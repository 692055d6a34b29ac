package io.efsnas.driver.rounds;

import io.efsnas.job.TaskPlace;
import java.util.Optional;
import org.apache.spark.SparkConf;
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
}
