package io.efsnas.driver.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.driver.config.RetrainConfig;
import org.apache.spark.SparkConf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetrainingThreadsTest {

    /** With 8 cores on embedded Spark, and 3 for each task. */
    @ParameterizedTest
    @CsvSource({
        "local[8], VECTOR, false, 1, 8",
        "local[8], LIBTORCH, false, 1, 8",
        "local[8], VECTOR, true, 1, 8",
        "local[8], VECTOR, true, 3, 2",
        "local[8], VECTOR, true, 20, 1",
        "local[8], LIBTORCH, true, 1, 3",
        "local[8], LIBTORCH, true, 2, 3",
        "spark://host:7077, VECTOR, false, 1, 3",
        "spark://host:7077, VECTOR, true, 2, 3",
    })
    void coresAreSharedWhereTheirNumberDecidesNothing(
            String master, RetrainConfig.Engine engine, boolean several, int tasks, int threads) {
        SparkConf spark = new SparkConf(false).set("spark.master", master).set("spark.task.cpus", "3");

        assertThat(RetrainingThreads.of(new RetrainingChoice(engine, false, "a test"), several, spark, 8)
                        .each(tasks))
                .isEqualTo(threads);
    }
}
