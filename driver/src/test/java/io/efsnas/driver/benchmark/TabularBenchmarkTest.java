package io.efsnas.driver.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.efsnas.driver.process.UserMistake;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.nasbench201.NasBench201Space;
import java.io.IOException;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TabularBenchmarkTest {

    private static final SearchSpace SPACE = new NasBench201Space();
    private static final String HEADER = "architecture,test_accuracy\n";
    private static final String SKIP = "|none~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|";
    private static final String CONV = "|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|";
    private static final String POOL = "|none~0|+|none~0|none~1|+|avg_pool_3x3~0|none~1|none~2|";

    @TempDir
    private java.nio.file.Path directory;

    @Test
    void knowsTheAccuracies() throws IOException {
        TabularBenchmark benchmark = read(HEADER + SKIP + ",61.25\n" + CONV + ",83.9033\n");

        assertThat(benchmark.accuracy(SPACE.parse(SKIP))).hasValue(61.25);
        assertThat(benchmark.accuracy(SPACE.parse(CONV))).hasValue(83.9033);
        assertThat(benchmark.accuracy(SPACE.parse(POOL))).isEmpty();
        assertThat(benchmark.size()).isEqualTo(2);
        assertThat(benchmark.best()).isEqualTo(83.9033);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "|none~0|,10; '|none~0|' is not an architecture",
                CONV + "; there are 1 values for the 2 columns [architecture, test_accuracy]",
                CONV + ",good; test_accuracy must be a number, not 'good'",
                CONV + ",100.5; test_accuracy must be from 0 to 100, not 100.5",
                CONV + ",-1; test_accuracy must be from 0 to 100, not -1.0",
                CONV + ",NaN; test_accuracy must be from 0 to 100, not NaN",
                CONV + ",; there is no number in test_accuracy",
            })
    void badRowIsNamedByFileAndLine(String row, String message) {
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> read(HEADER + SKIP + ",61.25\n" + row + "\n"))
                .withMessageStartingWith(path() + ", line 3: " + message);
    }

    @Test
    void tableOfAnotherKindIsRefused() {
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> read("architecture,accuracy\n" + SKIP + ",50\n"))
                .withMessage(path() + ", line 1: there is no column 'test_accuracy'; expected a header with"
                        + " architecture,test_accuracy, or with columns test_accuracy_SEED");
    }

    @Test
    void fractionsAreTakenForWhatTheyAre() throws IOException {
        TabularBenchmark fractions = read(HEADER + SKIP + ",0.5\n" + CONV + ",1\n");

        assertThat(fractions.fractions()).isTrue();
        assertThat(fractions.accuracy(SPACE.parse(SKIP))).hasValue(50);
        assertThat(fractions.best()).isEqualTo(100);
        assertThat(read(HEADER + SKIP + ",0.5\n" + CONV + ",1.5\n").fractions()).isFalse();
    }

    /** Most architectures of NAS-Bench-201 have fewer than three seeds. */
    @Test
    void seedsThatThereAreAreAveraged() throws IOException {
        TabularBenchmark benchmark = read("test_accuracy_777,architecture,test_accuracy_888,seconds,test_accuracy_999\n"
                + "60," + SKIP + ",63,1,61.5\n" + ",\"" + CONV + "\",80.5,2,\n");

        assertThat(benchmark.columns()).containsExactly("test_accuracy_777", "test_accuracy_888", "test_accuracy_999");
        assertThat(benchmark.accuracy(SPACE.parse(SKIP))).hasValue(61.5);
        assertThat(benchmark.accuracy(SPACE.parse(CONV))).hasValue(80.5);
        assertThat(benchmark.repeatedRows()).isZero();
    }

    @Test
    void rowsOfOneArchitectureAreAveraged() throws IOException {
        TabularBenchmark benchmark = read("\uFEFFarchitecture,test_accuracy,test_accuracy_1\n" + SKIP + ",60,61\n"
                + CONV + ",80,\n" + SKIP + ",62,\n" + SKIP + ",63,\n");

        assertThat(benchmark.accuracy(SPACE.parse(SKIP))).hasValue((60 + 61 + 62 + 63) / 4.0);
        assertThat(benchmark.size()).isEqualTo(2);
        assertThat(benchmark.repeatedRows()).isEqualTo(2);
    }

    @Test
    void emptyTableIsRefused() {
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> read(HEADER))
                .withMessage(path() + " lists no architectures");
    }

    private Path path() {
        return new Path(directory.toUri().toString(), "table.csv");
    }

    private TabularBenchmark read(String content) throws IOException {
        Files.writeString(directory.resolve("table.csv"), content);
        return TabularBenchmark.read(FileSystem.getLocal(new Configuration()), path(), SPACE);
    }
}
