package io.efsnas.driver.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.efsnas.driver.config.RetrainConfig;
import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.job.GpuDescription;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

/** On a class path whose libtorch is built for CPUs. */
class RetrainingChoiceTest {

    private static final Optional<GpuDescription> HOPPER = Optional.of(new GpuDescription("NVIDIA H100", 9.0, false));

    private static final Optional<String> DILATED = Optional.of("dilated depthwise convolutions");

    private static RetrainConfig config(String... settings) {
        return SearchConfig.parse("data.train = [/images]", List.of(settings), Set.of("retrain"))
                .retrain();
    }

    private static RetrainingChoice choice(String master, String... settings) {
        SparkConf spark = new SparkConf(false).set("spark.master", master);
        return RetrainingChoice.of(
                config(settings), Optional.empty(), spark, !master.startsWith("local"), () -> HOPPER);
    }

    private static RetrainingChoice vector(String reason) {
        return new RetrainingChoice(RetrainConfig.Engine.VECTOR, false, reason);
    }

    @Test
    void vectorIsForCpusOfOneMachine() {
        assertThat(choice("local[2]")).isEqualTo(vector("it gives the same bits with any number of threads"));
    }

    @Test
    void allWorkersOfAClusterTrainOneNetworkUnlessTasksTrainOneEach() {
        SparkConf cluster = new SparkConf(false)
                .set("spark.master", "spark://host:7077")
                .set("spark.executor.extraJavaOptions", "--add-modules=jdk.incubator.vector");

        assertThat(RetrainingChoice.of(config(), Optional.empty(), cluster, false, () -> HOPPER))
                .isEqualTo(new RetrainingChoice(
                        RetrainConfig.Engine.DL4J, false, "all workers of the cluster train together"));
        assertThat(RetrainingChoice.of(config("retrain.top=4"), Optional.empty(), cluster, false, () -> HOPPER))
                .isEqualTo(vector("a task trains a network by itself"));
        assertThat(RetrainingChoice.of(config("retrain.dropout=0.5"), Optional.empty(), cluster, false, () -> HOPPER))
                .isEqualTo(vector("a task trains a network by itself"));
    }

    @Test
    void whatDl4jCannotComputeIsTrainedInOneTask() {
        SparkConf cluster = new SparkConf(false)
                .set("spark.master", "spark://host:7077")
                .set("spark.executor.extraJavaOptions", "--add-modules=jdk.incubator.vector");

        assertThat(RetrainingChoice.of(config(), DILATED, cluster, false, () -> HOPPER))
                .isEqualTo(vector("a task trains a network by itself"));
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(
                        () -> RetrainingChoice.of(config("retrain.workers=2"), DILATED, cluster, false, () -> HOPPER))
                .withMessage(
                        "retrain.engine: dl4j computes no dilated depthwise convolutions, which networks of this space"
                                + " have (several workers train together); expected retrain.engine = vector or libtorch, which"
                                + " train in one task");
    }

    @Test
    void staysWithDl4jWhereExecutorsDoNotHaveTheModule() {
        assertThat(choice("spark://host:7077"))
                .isEqualTo(new RetrainingChoice(
                        RetrainConfig.Engine.DL4J,
                        false,
                        "the faster engine 'vector' needs --add-modules jdk.incubator.vector in executors"));
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> choice("spark://host:7077", "retrain.engine=vector"))
                .withMessage("retrain.engine: vector needs --add-modules jdk.incubator.vector in"
                        + " spark.executor.extraJavaOptions");
    }

    @Test
    void severalWorkersAreDl4js() {
        RetrainingChoice dl4j =
                new RetrainingChoice(RetrainConfig.Engine.DL4J, false, "several workers train together");

        assertThat(choice("local[2]", "retrain.workers=2")).isEqualTo(dl4j);
        assertThat(choice("local[2]", "retrain.mode=gradient-sharing")).isEqualTo(dl4j);
    }

    @Test
    void whatIsConfiguredIsTaken() {
        assertThat(choice("local[2]", "retrain.engine=libtorch"))
                .isEqualTo(new RetrainingChoice(RetrainConfig.Engine.LIBTORCH, false, "it is configured"));
        assertThat(choice("local[2]", "retrain.engine=dl4j"))
                .isEqualTo(new RetrainingChoice(RetrainConfig.Engine.DL4J, false, "it is configured"));
        assertThat(choice("local[2]", "retrain.engine=vector")).isEqualTo(vector("it is configured"));
    }

    @Test
    void saysWhyDropoutIsNotAccepted() {
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> choice("local[2]", "retrain.dropout=0.5", "retrain.engine=dl4j"))
                .withMessage(
                        "retrain.dropout: 0.5 is not accepted by the engine dl4j, which has none (it is configured); expected 0, or retrain.engine = vector or libtorch");
    }
}
