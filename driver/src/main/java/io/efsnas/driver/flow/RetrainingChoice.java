package io.efsnas.driver.flow;

import io.efsnas.driver.config.RetrainConfig;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.job.GpuDescription;
import io.efsnas.job.TaskPlace;
import io.efsnas.supernet.Engine;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.SparkConf;

/**
 * What an architecture is retrained by, and why it is that.
 *
 * @param engine never {@code AUTO}
 * @param onGpu whether libtorch computes on a GPU
 */
record RetrainingChoice(RetrainConfig.Engine engine, boolean onGpu, String reason) {

    static final String LIBTORCH = "libtorch";

    /**
     * Chooses for {@code auto} libtorch where its build for CUDA is on the class path and there is a GPU, unless several
     * workers are to train together; else DL4J.
     *
     * @param gpusAssigned whether Spark assigns GPUs to tasks; embedded Spark never does
     * @param gpu describes the GPU of embedded Spark's machine, if it has one; asked for {@code auto} alone
     * @throws UserMistake in one line, naming the key, if the class path does not have what is configured, or
     *     DL4J is all there is and cannot do it
     */
    static RetrainingChoice of(
            RetrainConfig retrain, SparkConf spark, boolean gpusAssigned, Supplier<Optional<GpuDescription>> gpu) {
        Engine libtorch = Engine.named(LIBTORCH);
        boolean onGpu = libtorch.servesGpus() && (gpusAssigned || TaskPlace.isEmbedded(spark));
        return switch (retrain.engine()) {
            case DL4J -> dl4j(retrain, "it is configured");
            case LIBTORCH -> {
                libtorch.missing().ifPresent(what -> {
                    throw new UserMistake("retrain.engine: " + LIBTORCH + " needs " + what);
                });
                yield new RetrainingChoice(RetrainConfig.Engine.LIBTORCH, onGpu, "it is configured");
            }
            case AUTO -> {
                if (retrain.needsSeveralWorkers()) {
                    yield dl4j(retrain, "several workers train together");
                } else if (!onGpu) {
                    yield dl4j(retrain, "there is no GPU that libtorch on the class path is built for");
                } else if (gpusAssigned) {
                    yield new RetrainingChoice(RetrainConfig.Engine.LIBTORCH, true, "Spark assigns a GPU");
                }
                Optional<GpuDescription> described = gpu.get();
                yield described.isPresent()
                        ? new RetrainingChoice(
                                RetrainConfig.Engine.LIBTORCH, true, "this machine has the GPU " + described.get())
                        : dl4j(retrain, "this machine has no GPU");
            }
        };
    }

    private static RetrainingChoice dl4j(RetrainConfig retrain, String reason) {
        if (retrain.dropout() > 0) {
            throw new UserMistake("retrain.dropout: " + retrain.dropout()
                    + " is not accepted by the engine" + " dl4j, which has no dropout (" + reason
                    + "); expected 0, or retrain.engine = " + LIBTORCH);
        }
        return new RetrainingChoice(RetrainConfig.Engine.DL4J, false, reason);
    }
}
