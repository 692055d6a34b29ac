package io.efsnas.job;

import io.efsnas.supernet.Device;
import io.efsnas.supernet.Engine;
import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.storage.BlockManagerId;

/**
 * Where a task ran.
 *
 * @param executor Spark's identifier of the executor
 * @param device such as {@code cpu} or {@code gpu:1}: the address that Spark assigned to the task
 */
public record TaskPlace(String host, String executor, String device) implements Serializable {

    static final String FIRST_GPU = "0";

    private static final String GPU = "gpu";

    static TaskPlace of(Device device) {
        BlockManagerId manager = SparkEnv.get().blockManager().blockManagerId();
        return new TaskPlace(manager.host(), manager.executorId(), device.toString());
    }

    /** The address of the GPU that Spark assigned to the running task. */
    static Optional<String> assignedGpu() {
        return Optional.ofNullable(TaskContext.get().resourcesJMap().get(GPU)).map(gpu -> gpu.addresses()[0]);
    }

    /**
     * Where the running task computes: on the GPU that Spark assigned to it. Embedded Spark assigns none, so there an
     * engine that is built for GPUs takes the first one.
     */
    static Device device(Engine engine) {
        boolean embedded = isEmbedded(SparkEnv.get().conf());
        return assignedGpu()
                .or(() -> Optional.of(FIRST_GPU).filter(any -> embedded && engine.servesGpus()))
                .map(Device::gpu)
                .orElse(Device.CPU);
    }

    /** Whether Spark runs in one process, which assigns no devices. */
    public static boolean isEmbedded(SparkConf spark) {
        String master = spark.get("spark.master", "local");
        return master.startsWith("local") && !master.startsWith("local-cluster");
    }

    /** This executor in the form in which Spark takes a task's preferred location. */
    public String preferredLocation() {
        return "executor_" + host + "_" + executor;
    }
}
