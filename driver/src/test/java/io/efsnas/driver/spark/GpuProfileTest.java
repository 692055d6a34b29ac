package io.efsnas.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.resource.ResourceProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GpuProfileTest {

    private static SparkConf conf(String master) {
        return new SparkConf(false).setMaster(master).set("spark.executor.resource.gpu.amount", "2");
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 0.5})
    void asksForGpusWhereExecutorsHaveThem(double gpus) {
        ResourceProfile profile = GpuProfile.of(conf("spark://host:7077").set("spark.task.cpus", "3"), gpus)
                .orElseThrow();

        assertThat(profile.taskResourcesJMap()).containsOnlyKeys("cpus", "gpu");
        assertThat(profile.taskResourcesJMap().get("cpus").amount()).isEqualTo(3);
        assertThat(profile.taskResourcesJMap().get("gpu").amount()).isEqualTo(gpus);
    }

    @Test
    void aTaskAloneAsksForAWholeGpuUnlessTasksShareThem() {
        SparkConf shared = conf("yarn").set("spark.task.resource.gpu.amount", "0.25");

        assertThat(gpus(GpuProfile.ofOneTask(conf("yarn")))).isEqualTo(1);
        assertThat(gpus(GpuProfile.ofOneTask(shared))).isEqualTo(0.25);
        assertThat(GpuProfile.ofOneTask(conf("local[4]"))).isEmpty();
    }

    private static double gpus(Optional<ResourceProfile> profile) {
        return profile.orElseThrow().taskResourcesJMap().get("gpu").amount();
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "local[4]", "local[*]"})
    void asksForNoneOnEmbeddedSpark(String master) {
        assertThat(GpuProfile.of(conf(master), 1)).isEmpty();
    }

    @Test
    void asksForNoneWhereExecutorsHaveNone() {
        assertThat(GpuProfile.of(new SparkConf(false).setMaster("yarn"), 1)).isEmpty();
        assertThat(GpuProfile.of(conf("yarn").set("spark.executor.resource.gpu.amount", "0"), 1))
                .isEmpty();
    }

    @Test
    void asksForNoneWhereNoMasterIsGiven() {
        assertThat(GpuProfile.of(new SparkConf(false).set("spark.executor.resource.gpu.amount", "1"), 1))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "0.5, 0.5", "0.25, 0.25", "0.3, 0.3333333333333333"})
    void aTaskIsAssignedThePartThatEveryTaskAsksFor(double asked, double assigned) {
        SparkConf conf = conf("spark://host:7077");
        GpuProfile.configure(conf, asked);

        assertThat(GpuProfile.share(conf, asked)).isEqualTo(assigned);
    }

    /** As in a notebook, whose session has its settings already. */
    @Test
    void whatOneStageAsksForDoesNotDivideAGpuUnlessExecutorsComeForIt() {
        SparkConf conf = conf("spark://host:7077");
        assertThat(GpuProfile.share(conf, 0.25)).isEqualTo(1);

        conf.set("spark.task.resource.gpu.amount", "0.5");
        assertThat(GpuProfile.share(conf, 1)).isEqualTo(0.5);

        conf.set("spark.dynamicAllocation.enabled", "true");
        assertThat(GpuProfile.share(conf, 0.25)).isEqualTo(0.25);
    }

    @Test
    void everyTaskAsksForTheFractionWhereGpusAreShared() {
        SparkConf shared = conf("spark://host:7077");
        GpuProfile.configure(shared, 0.25);
        assertThat(shared.get("spark.task.resource.gpu.amount")).isEqualTo("0.25");

        SparkConf whole = conf("spark://host:7077");
        GpuProfile.configure(whole, 1);
        assertThat(whole.contains("spark.task.resource.gpu.amount")).isFalse();

        SparkConf withoutGpus = new SparkConf(false).setMaster("yarn");
        GpuProfile.configure(withoutGpus, 0.25);
        assertThat(withoutGpus.contains("spark.task.resource.gpu.amount")).isFalse();
    }
}
