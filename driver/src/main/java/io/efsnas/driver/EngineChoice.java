package io.efsnas.driver;

import io.efsnas.supernet.Engine;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.resource.ResourceProfile;

/**
 * The engine that a search computes with, and why it is this one.
 *
 * @param name of the engine
 */
record EngineChoice(String name, String reason) {

    private static final String AUTO = "auto";
    private static final String VECTOR = "vector";
    private static final String ND4J = "nd4j";
    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    /**
     * Chooses for {@code auto}: ND4J on GPUs, plain Java on CPUs if all JVMs have its module.
     *
     * @throws IllegalArgumentException naming the key if there is no such engine
     */
    static EngineChoice of(String configured, SparkConf spark, Optional<ResourceProfile> gpus) {
        if (!configured.equals(AUTO)) {
            try {
                return new EngineChoice(Engine.named(configured).name(), "it is configured");
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("supernet.engine: " + e.getMessage() + ", or auto", e);
            }
        }
        if (gpus.isPresent()) {
            return new EngineChoice(ND4J, "executors have GPUs");
        }
        boolean embedded = spark.get("spark.master").startsWith("local");
        boolean everywhere = embedded
                ? Engine.named(VECTOR).available()
                : spark.get("spark.executor.extraJavaOptions", "").contains(VECTOR_MODULE);
        return everywhere
                ? new EngineChoice(VECTOR, "executors compute on CPUs")
                : new EngineChoice(
                        ND4J, "the faster engine 'vector' needs --add-modules " + VECTOR_MODULE + " in executors");
    }
}
