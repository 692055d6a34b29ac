package io.efsnas.driver.flow;

import static io.efsnas.supernet.EngineNames.CUDA;
import static io.efsnas.supernet.EngineNames.LIBTORCH;
import static io.efsnas.supernet.EngineNames.ND4J;
import static io.efsnas.supernet.EngineNames.VECTOR;

import io.efsnas.driver.config.SupernetConfig;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.job.GpuDescription;
import io.efsnas.job.TaskPlace;
import io.efsnas.space.SearchSpace;
import io.efsnas.supernet.Engine;
import io.efsnas.supernet.Precision;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.resource.ResourceProfile;

/**
 * The engine that a search computes with, and why it is this one.
 *
 * @param name the name of the engine
 */
record EngineChoice(String name, String reason) {

    private static final String AUTO = "auto";
    private static final String EXPECTED = "; expected auto, nd4j, vector or libtorch";
    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    /** The newest GPUs that ND4J's CUDA build has machine code for. */
    private static final double NEWEST_OF_ND4J = 8.6;

    /** The GPUs on which the engine cuda was run and measured: faster than the others there. */
    private static final Set<Double> MEASURED_WITH_CUDA = Set.of(9.0);

    /**
     * Chooses for {@code auto}. On GPUs that is the engine cuda where it was measured and can compute as configured, else
     * ND4J where its CUDA build is on the class path and serves them, else libtorch; on CPUs it is plain Java if all JVMs
     * have its module, else ND4J.
     *
     * @param space what is searched
     * @param needs what the search asks of supernets beside training on labels and scoring
     * @param gpusAssigned whether Spark assigns GPUs to supernets; embedded Spark never does
     * @param gpu describes the GPU of an executor, if it has one and its machine can tell; asked for {@code auto} alone
     * @throws UserMistake in one line, naming the key, if there is no such engine or it is not what the
     *     class path has, or if it does not compute in the precision
     *     or does not have what the search needs, or does not compute networks of the space
     */
    static EngineChoice of(
            SupernetConfig supernet,
            SearchSpace space,
            Set<EngineNeed> needs,
            SparkConf spark,
            boolean gpusAssigned,
            Supplier<Optional<GpuDescription>> gpu) {
        EngineChoice choice = supernet.engine().equals(AUTO)
                ? auto(supernet.precision(), space, needs, spark, gpusAssigned, gpu)
                : configured(supernet.engine(), spark, gpusAssigned);
        requirePrecision(choice.name(), supernet.precision());
        Engine engine = Engine.named(choice.name());
        if (!engine.computes(space)) {
            throw new UserMistake(
                    "supernet.engine: " + choice.name() + " does not compute networks of " + space.name() + EXPECTED);
        }
        needs.stream().filter(need -> !need.isMetBy(engine)).findFirst().ifPresent(need -> {
            throw new UserMistake("supernet.engine: " + choice.name() + " " + need.refusal() + EXPECTED);
        });
        return choice;
    }

    private static EngineChoice auto(
            Precision precision,
            SearchSpace space,
            Set<EngineNeed> needs,
            SparkConf spark,
            boolean gpusAssigned,
            Supplier<Optional<GpuDescription>> gpu) {
        if (gpusAssigned || TaskPlace.isEmbedded(spark)) {
            Optional<GpuDescription> described = gpu.get();
            if (described.filter(any -> suitsCuda(any, precision, space, needs)).isPresent()) {
                return new EngineChoice(CUDA, found(described) + ", on which it was measured to be the fastest");
            }
            boolean builtForGpus =
                    Engine.named(ND4J).servesGpus() || Engine.named(LIBTORCH).servesGpus();
            if (gpusAssigned || (builtForGpus && described.isPresent())) {
                return onGpus(described);
            }
        }
        return onCpus(spark);
    }

    private static boolean suitsCuda(
            GpuDescription gpu, Precision precision, SearchSpace space, Set<EngineNeed> needs) {
        return gpu.buildsKernels()
                && MEASURED_WITH_CUDA.contains(gpu.computeCapability())
                && Engine.named(CUDA).precisions().contains(precision)
                && Engine.named(CUDA).computes(space)
                && needs.stream().allMatch(need -> need.isMetBy(Engine.named(CUDA)));
    }

    private static String found(Optional<GpuDescription> gpu) {
        return "executors have GPUs" + gpu.map(any -> ", such as " + any).orElse("");
    }

    /**
     * Chooses for measures: the configured engine, or for {@code auto}, and for one that does not have what they need, such
     * as cuda, libtorch on GPUs and plain Java or ND4J on CPUs.
     *
     * @param needs what measures ask of networks beside training on labels and scoring
     */
    static EngineChoice forMeasuring(
            SupernetConfig supernet, Set<EngineNeed> needs, SparkConf spark, boolean gpusAssigned) {
        return supernet.engine().equals(AUTO)
                        || !needs.stream().allMatch(need -> need.isMetBy(named(supernet.engine())))
                ? measuring(spark, gpusAssigned)
                : configured(supernet.engine(), spark, gpusAssigned);
    }

    /**
     * Chooses for looks into supernets that another engine trains and lets nobody look into, as {@link #forMeasuring}
     * does.
     */
    static EngineChoice forProbing(String training, SparkConf spark, boolean gpusAssigned) {
        EngineChoice choice = measuring(spark, gpusAssigned);
        return new EngineChoice(
                choice.name(), training + " lets nobody look into its supernets, and " + choice.reason());
    }

    /**
     * What a task requests from Spark that measures with the engine: one that computes on CPUs must not queue for GPUs.
     *
     * @param gpus what one that computes on GPUs requests; empty for Spark's default
     */
    Optional<ResourceProfile> profile(Optional<ResourceProfile> gpus) {
        return gpus.filter(any -> Engine.named(name).servesGpus());
    }

    private static EngineChoice measuring(SparkConf spark, boolean gpusAssigned) {
        return gpusAssigned && Engine.named(LIBTORCH).servesGpus()
                ? new EngineChoice(LIBTORCH, "executors have GPUs")
                : onCpus(spark);
    }

    private static EngineChoice configured(String name, SparkConf spark, boolean gpusAssigned) {
        Engine engine = named(name);
        boolean embedded = TaskPlace.isEmbedded(spark);
        if (name.equals(CUDA) && !embedded && !gpusAssigned) {
            throw new UserMistake(
                    "supernet.engine: cuda computes on GPUs alone, and Spark assigns none to supernets; set"
                            + " spark.executor.resource.gpu.amount, or name another engine");
        }
        // Of the engine cuda what counts is the machine of the executor, which is here on embedded Spark alone.
        if (name.equals(LIBTORCH) || (name.equals(CUDA) && embedded)) {
            engine.missing().ifPresent(what -> {
                throw new UserMistake("supernet.engine: " + name + " needs " + what);
            });
        }
        return new EngineChoice(name, "it is configured");
    }

    private static Engine named(String name) {
        try {
            return Engine.named(name);
        } catch (IllegalArgumentException e) {
            throw new UserMistake("supernet.engine: " + e.getMessage() + ", or auto", e);
        }
    }

    private static EngineChoice onGpus(Optional<GpuDescription> described) {
        String gpus = found(described);
        boolean tooNew = described
                .filter(gpu -> gpu.computeCapability() > NEWEST_OF_ND4J)
                .isPresent();
        if (Engine.named(ND4J).servesGpus() && !tooNew) {
            return new EngineChoice(ND4J, gpus);
        }
        if (Engine.named(LIBTORCH).servesGpus()) {
            String but = tooNew ? ", newer than ND4J serves" : ", and libtorch is what the class path has for them";
            return new EngineChoice(LIBTORCH, gpus + but);
        }
        if (tooNew) {
            throw new UserMistake("supernet.engine: " + gpus + ", which are newer than nd4j serves (up to "
                    + NEWEST_OF_ND4J + "); they need libtorch's build for CUDA on the class path, efsnas-libtorch.jar"
                    + " of mvn -Pcuda, by --jars; or name an engine to compute on the executors' CPUs");
        }
        return new EngineChoice(
                ND4J, gpus + ", but no engine on the class path is built for GPUs: it computes on CPUs");
    }

    private static EngineChoice onCpus(SparkConf spark) {
        return vectorEverywhere(spark)
                ? new EngineChoice(VECTOR, "executors compute on CPUs")
                : new EngineChoice(
                        ND4J, "the faster engine 'vector' needs --add-modules " + VECTOR_MODULE + " in executors");
    }

    /** Whether the JVMs of all executors have what the engine vector needs. */
    static boolean vectorEverywhere(SparkConf spark) {
        return TaskPlace.isEmbedded(spark)
                ? Engine.named(VECTOR).missing().isEmpty()
                : spark.get("spark.executor.extraJavaOptions", "").contains(VECTOR_MODULE);
    }

    private static void requirePrecision(String name, Precision precision) {
        Engine engine = Engine.named(name);
        if (!engine.precisions().contains(precision)) {
            throw new UserMistake("supernet.precision: the engine " + name + " does not compute in "
                    + precision.key() + "; expected "
                    + engine.precisions().stream().map(Precision::key).collect(Collectors.joining(", ")));
        }
    }
}
