package io.efsnas.job;

import io.efsnas.supernet.Device;
import java.io.Serializable;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.storage.BlockManagerId;

/**
 * Where a task ran.
 *
 * @param executor Spark's identifier of the executor
 * @param device such as {@code cpu} or {@code gpu:1}: the address that Spark assigned to the task
 */
public record TaskPlace(String host, String executor, String device) implements Serializable {

    private static final String GPU = "gpu";

    static TaskPlace of(Device device) {
        BlockManagerId manager = SparkEnv.get().blockManager().blockManagerId();
        return new TaskPlace(manager.host(), manager.executorId(), device.toString());
    }

    /** The device that Spark assigned to the running task. */
    static Device assignedDevice() {
        ResourceInformation gpu = TaskContext.get().resourcesJMap().get(GPU);
        return gpu == null ? Device.CPU : Device.gpu(gpu.addresses()[0]);
    }

    /** This executor in the form in which Spark takes a task's preferred location. */
    public String preferredLocation() {
        return "executor_" + host + "_" + executor;
    }
}
