package io.efsnas.driver.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.efsnas.driver.config.SupernetConfig;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.job.GpuDescription;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.SearchSpaces;
import io.efsnas.supernet.Precision;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On a class path where no engine is built for GPUs. */
class EngineChoiceTest {

    private static final SearchSpace SPACE = SearchSpaces.named("nas-bench-201");
    private static final GpuDescription AMPERE = new GpuDescription("NVIDIA A100", 8.0, true);
    private static final GpuDescription HOPPER = new GpuDescription("NVIDIA H100", 9.0, false);

    private static EngineChoice choice(String engine, Precision precision, Optional<GpuDescription> gpu) {
        SupernetConfig supernet = new SupernetConfig(engine, List.of(4), 1, false, OptionalInt.empty(), precision);
        SparkConf cluster = new SparkConf(false).set("spark.master", "spark://host:7077");
        return EngineChoice.of(supernet, SPACE, Set.of(), cluster, true, () -> gpu);
    }

    @Test
    void namesTheGpuThatItFinds() {
        assertThat(choice("auto", Precision.FLOAT32, Optional.of(AMPERE)))
                .isEqualTo(new EngineChoice(
                        "nd4j",
                        "executors have GPUs, such as NVIDIA A100 of compute capability 8.0, but no engine on the class"
                                + " path is built for GPUs: it computes on CPUs"));
    }

    @Test
    void doesNotFallBackToTheCpuOnGpusThatNd4jCannotUse() {
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> choice("auto", Precision.FLOAT32, Optional.of(HOPPER)))
                .withMessage(
                        "supernet.engine: executors have GPUs, such as NVIDIA H100 of compute capability 9.0, which"
                                + " are newer than nd4j serves (up to 8.6); they need libtorch's build for CUDA on the class"
                                + " path, efsnas-libtorch.jar of mvn -Pcuda, by --jars; or name an engine to compute on the"
                                + " executors' CPUs");
    }

    @Test
    void takesTheEngineThatWasMeasuredOnTheGpuWhereItsMachineHasWhatThatNeeds() {
        Optional<GpuDescription> ready = Optional.of(new GpuDescription("NVIDIA H100", 9.0, true));
        assertThat(choice("auto", Precision.FLOAT32, ready))
                .isEqualTo(new EngineChoice(
                        "cuda",
                        "executors have GPUs, such as NVIDIA H100 of compute capability 9.0, on which it was measured to"
                                + " be the fastest"));
        assertThatExceptionOfType(UserMistake.class)
                .as("it computes in float32 alone")
                .isThrownBy(() -> choice("auto", Precision.TF32, ready))
                .withMessageContaining("they need libtorch's build for CUDA");
    }

    @Test
    void anEngineDoesNotServeASearchThatNeedsMore() {
        Optional<GpuDescription> ready = Optional.of(new GpuDescription("NVIDIA H100", 9.0, true));
        SparkConf cluster = new SparkConf(false).set("spark.master", "spark://host:7077");
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> EngineChoice.of(
                        supernet("cuda"), SPACE, Set.of(EngineNeed.INSPECTION), cluster, true, () -> ready))
                .withMessage(
                        "supernet.engine: cuda computes losses and accuracies alone, and a measure of trained supernets needs more;"
                                + " expected auto, nd4j, vector or libtorch");
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> EngineChoice.of(
                        supernet("cuda"), SPACE, Set.of(EngineNeed.LESSONS), cluster, true, () -> ready))
                .withMessage("supernet.engine: cuda trains on labels alone, with one momentum for each weight, and"
                        + " training.scheme needs more; expected auto, nd4j, vector or libtorch");
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> EngineChoice.of(
                        supernet("cuda"), SPACE, Set.of(EngineNeed.RECALIBRATION), cluster, true, () -> ready))
                .withMessage("supernet.engine: cuda normalises by the statistics of each batch alone, and"
                        + " scoring.batch-norm = recalibrated needs others; expected auto, nd4j, vector or libtorch");
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> EngineChoice.of(
                        supernet("cuda"), SPACE, Set.of(EngineNeed.AFFINE_NORMS), cluster, true, () -> ready))
                .withMessage("supernet.engine: cuda has batch norms without scale and shift, and supernet.affine = true"
                        + " needs others; expected auto, nd4j, vector or libtorch");
        assertThatExceptionOfType(UserMistake.class)
                .as("auto looks for another one")
                .isThrownBy(() -> EngineChoice.of(
                        supernet("auto"), SPACE, Set.of(EngineNeed.INSPECTION), cluster, true, () -> ready))
                .withMessageContaining("they need libtorch's build for CUDA");
    }

    @ParameterizedTest
    @ValueSource(strings = {"darts", "mobilenet", "mobilenet-se"})
    void anEngineOfOneSpaceDoesNotServeAnother(String name) {
        SearchSpace other = SearchSpaces.named(name);
        Optional<GpuDescription> ready = Optional.of(new GpuDescription("NVIDIA H100", 9.0, true));
        SparkConf cluster = new SparkConf(false).set("spark.master", "spark://host:7077");
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> EngineChoice.of(supernet("cuda"), other, Set.of(), cluster, true, () -> ready))
                .withMessage("supernet.engine: cuda does not compute networks of " + name
                        + "; expected auto, nd4j, vector or libtorch");
        assertThatExceptionOfType(UserMistake.class)
                .as("auto looks for another one")
                .isThrownBy(() -> EngineChoice.of(supernet("auto"), other, Set.of(), cluster, true, () -> ready))
                .withMessageContaining("they need libtorch's build for CUDA");
    }

    @Test
    void networksThatMeasuresTrainButDoNotTakeApartRunOnTheEngineThatIsConfigured() {
        SparkConf cluster = new SparkConf(false).set("spark.master", "spark://host:7077");

        assertThat(EngineChoice.forMeasuring(supernet("cuda"), Set.of(), cluster, true)
                        .name())
                .isEqualTo("cuda");
        for (EngineNeed need : List.of(EngineNeed.INSPECTION, EngineNeed.AFFINE_NORMS)) {
            assertThat(EngineChoice.forMeasuring(supernet("cuda"), Set.of(need), cluster, true)
                            .name())
                    .as(need.name())
                    .isEqualTo("nd4j");
        }
    }

    private static SupernetConfig supernet(String engine) {
        return new SupernetConfig(engine, List.of(4), 1, false, OptionalInt.empty(), Precision.FLOAT32);
    }

    @Test
    void whatIsConfiguredIsTakenWhateverTheGpu() {
        assertThat(choice("libtorch", Precision.BFLOAT16, Optional.of(HOPPER)))
                .isEqualTo(new EngineChoice("libtorch", "it is configured"));
    }

    @Test
    void refusesTheEngineForGpusAloneWhereNoneIsAssigned() {
        SupernetConfig supernet =
                new SupernetConfig("cuda", List.of(4), 1, false, OptionalInt.empty(), Precision.FLOAT32);
        SparkConf cluster = new SparkConf(false).set("spark.master", "spark://host:7077");
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> EngineChoice.of(supernet, SPACE, Set.of(), cluster, false, Optional::empty))
                .withMessageStartingWith("supernet.engine: cuda computes on GPUs alone")
                .withMessageContaining("spark.executor.resource.gpu.amount");
    }

    @Test
    void refusesAPrecisionThatTheEngineHasNot() {
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> choice("nd4j", Precision.TF32, Optional.empty()))
                .withMessage("supernet.precision: the engine nd4j does not compute in tf32; expected float32");
    }
}
