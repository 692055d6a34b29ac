package io.efsnas.driver.flow;

import static io.efsnas.supernet.EngineNames.LIBTORCH;
import static io.efsnas.supernet.EngineNames.VECTOR;

import io.efsnas.driver.config.Key;
import io.efsnas.driver.config.RetrainConfig;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.job.GpuDescription;
import io.efsnas.job.TaskPlace;
import io.efsnas.supernet.Engine;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.spark.SparkConf;

/**
 * What an architecture is retrained by, and why it is that.
 *
 * @param engine never {@code AUTO}
 * @param onGpu whether libtorch computes on a GPU
 */
record RetrainingChoice(RetrainConfig.Engine engine, boolean onGpu, String reason) {

    /**
     * Chooses for {@code auto} libtorch where its build for CUDA is on the class path and there is a GPU. On CPUs that is
     * the engine vector for what one task trains: on embedded Spark, for several finalists, and with what DL4J cannot do. DL4J is for
     * several workers that train one network together.
     *
     * @param beyondDl4j what the networks have that DL4J cannot compute; empty if it can compute them
     * @param gpusAssigned whether Spark assigns GPUs to tasks; embedded Spark never does
     * @param gpu describes the GPU of embedded Spark's machine, if it has one; asked for {@code auto} alone
     * @throws UserMistake in one line, naming the key, if the JVMs do not have what is configured, or DL4J is all there is
     *     and cannot do it
     */
    static RetrainingChoice of(
            RetrainConfig retrain,
            Optional<String> beyondDl4j,
            SparkConf spark,
            boolean gpusAssigned,
            Supplier<Optional<GpuDescription>> gpu) {
        boolean onGpu = Engine.named(LIBTORCH).servesGpus() && (gpusAssigned || TaskPlace.isEmbedded(spark));
        return switch (retrain.engine()) {
            case DL4J -> dl4j(retrain, beyondDl4j, "it is configured");
            case LIBTORCH -> configured(RetrainConfig.Engine.LIBTORCH, onGpu);
            case VECTOR -> {
                if (TaskPlace.isEmbedded(spark) || EngineChoice.vectorEverywhere(spark)) {
                    yield configured(RetrainConfig.Engine.VECTOR, false);
                }
                throw new UserMistake("retrain.engine: " + VECTOR + " needs --add-modules jdk.incubator.vector in"
                        + " spark.executor.extraJavaOptions");
            }
            case AUTO -> auto(retrain, beyondDl4j, spark, gpusAssigned, onGpu, gpu);
        };
    }

    private static RetrainingChoice configured(RetrainConfig.Engine engine, boolean onGpu) {
        Engine.named(Key.of(engine)).missing().ifPresent(what -> {
            throw new UserMistake("retrain.engine: " + Key.of(engine) + " needs " + what);
        });
        return new RetrainingChoice(engine, onGpu, "it is configured");
    }

    private static RetrainingChoice auto(
            RetrainConfig retrain,
            Optional<String> beyondDl4j,
            SparkConf spark,
            boolean gpusAssigned,
            boolean onGpu,
            Supplier<Optional<GpuDescription>> gpu) {
        if (retrain.needsSeveralWorkers()) {
            return dl4j(retrain, beyondDl4j, "several workers train together");
        }
        if (onGpu && gpusAssigned) {
            return new RetrainingChoice(RetrainConfig.Engine.LIBTORCH, true, "Spark assigns a GPU");
        }
        Optional<GpuDescription> described = onGpu ? gpu.get() : Optional.empty();
        if (described.isPresent()) {
            return new RetrainingChoice(
                    RetrainConfig.Engine.LIBTORCH, true, "this machine has the GPU " + described.get());
        }
        if (!EngineChoice.vectorEverywhere(spark)) {
            return dl4j(
                    retrain,
                    beyondDl4j,
                    "the faster engine 'vector' needs --add-modules jdk.incubator.vector in executors");
        }
        if (TaskPlace.isEmbedded(spark)) {
            return new RetrainingChoice(
                    RetrainConfig.Engine.VECTOR, false, "it gives the same bits with any number of threads");
        }
        return retrain.needsOneTask() || beyondDl4j.isPresent()
                ? new RetrainingChoice(RetrainConfig.Engine.VECTOR, false, "a task trains a network by itself")
                : dl4j(retrain, beyondDl4j, "all workers of the cluster train together");
    }

    private static RetrainingChoice dl4j(RetrainConfig retrain, Optional<String> beyondDl4j, String reason) {
        beyondDl4j.ifPresent(what -> {
            throw new UserMistake("retrain.engine: dl4j computes no " + what + ", which networks of this space have ("
                    + reason + "); expected retrain.engine = " + VECTOR + " or " + LIBTORCH
                    + ", which train in one task");
        });
        if (retrain.finalists().areSeveral()) {
            throw new UserMistake("retrain.top: " + retrain.finalists().top()
                    + " is not accepted by the engine dl4j, whose workers train one network together (" + reason
                    + "); expected 1, or retrain.engine = " + VECTOR + " or " + LIBTORCH);
        }
        new TreeMap<>(retrain.recipe().toMap()).forEach((key, value) -> {
            if (value.doubleValue() > 0) {
                throw new UserMistake("retrain." + key + ": " + value
                        + " is not accepted by the engine dl4j, which has none (" + reason
                        + "); expected 0, or retrain.engine = " + VECTOR + " or " + LIBTORCH);
            }
        });
        return new RetrainingChoice(RetrainConfig.Engine.DL4J, false, reason);
    }
}
