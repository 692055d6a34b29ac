package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Latency as a column, a limit and a value of the Pareto front, and by its own command. */
class LatencyIT {

    private static final long NEVER_EXCEEDED = 1_000_000_000;

    @TempDir
    private static Path directory;

    private static Path config;
    private static Path run;

    @BeforeAll
    static void search() throws IOException {
        config = TinySearch.settings()
                .withIndependentSupernets()
                .with("training", "{ steps = 2, rounds = 1 }")
                .with("ranking.rule", "accuracy")
                .with("ranking.limits.latency", NEVER_EXCEEDED)
                .with("measures.latency.runs", 3)
                .writeTo(directory);
        run = directory.resolve("run");
        CommandRun.search(config, run).succeeded();
    }

    private static List<Map<String, String>> rows(String file) throws IOException {
        return Csv.rows(run.resolve(file));
    }

    private static double number(Map<String, String> row, String column) {
        return Double.parseDouble(row.get(column));
    }

    @Test
    void theFrontIsWhatNoOtherBeatsInAccuracyCostsAndLatency() throws IOException {
        List<Map<String, String>> ranking = rows("ranking.csv");

        assertThat(ranking).hasSize(12).allSatisfy(row -> assertThat(number(row, "latency"))
                .isPositive());
        List<String> front = ranking.stream()
                .filter(row -> ranking.stream().noneMatch(other -> beats(other, row)))
                .map(row -> row.get("architecture"))
                .toList();
        assertThat(rows("pareto.csv"))
                .extracting(row -> row.get("architecture"))
                .isEqualTo(front);
    }

    private static boolean beats(Map<String, String> one, Map<String, String> other) {
        double accuracy = number(one, "accuracy") - number(other, "accuracy");
        double flops = number(other, "flops") - number(one, "flops");
        double parameters = number(other, "parameters") - number(one, "parameters");
        double latency = number(other, "latency") - number(one, "latency");
        return accuracy >= 0
                && flops >= 0
                && parameters >= 0
                && latency >= 0
                && accuracy + flops + parameters + latency > 0;
    }

    @Test
    void theReportAndTheSelectionNameTheLimit() {
        assertThat(run.resolve("selection.json")).content().contains("\"latency\" : " + NEVER_EXCEEDED);
        assertThat(run.resolve("report.html")).content().contains("latency");
    }

    @Test
    void aLimitThatNothingMeetsIsToldOfWithTheLeastThatWasMeasured() {
        assertThat(CommandRun.select(run, directory.resolve("again"), "--set", "ranking.limits.latency=1")
                        .mistake())
                .startsWith("none of the 12 ranked architectures meets the limits of 1 microseconds of latency; they"
                        + " start at ")
                .endsWith(" microseconds of latency");
    }

    @Test
    void anEvolutionHasNoParentsOverTheLimit() throws IOException {
        Path output = directory.resolve("evolution");

        CommandRun evolved = CommandRun.select(
                run,
                output,
                "--set",
                "selection.strategy=evolution",
                "--set",
                "selection.evolution { population = 3, generations = 2, parents = 2, crossover = 1, mutation = 2 }",
                "--set",
                "ranking.limits.latency=1");

        assertThat(evolved.mistake())
                .startsWith("none of the 6 ranked architectures meets the limits of 1 microseconds");
        assertThat(Csv.rows(output.resolve("evolution.csv")))
                .extracting(row -> row.get("origin"))
                .containsOnly("random");
    }

    @Test
    void theCommandTimesListedArchitecturesAndNamesTheDevice() throws IOException {
        Path list = directory.resolve("list.txt");
        String architecture = rows("ranking.csv").get(0).get("architecture");
        Files.writeString(list, architecture + "\n");
        Path table = directory.resolve("latency.csv");

        CommandRun timed = CommandRun.succeeding(
                "latency",
                "--config",
                config.toString(),
                "--architectures",
                list.toString(),
                "--set",
                "measures.latency.batch=5",
                "--output",
                table.toString(),
                "--master",
                "local[1]");

        assertThat(timed.out())
                .contains(architecture)
                .containsPattern("measured on \\S+, cpu by vector 2, Java 17, \\d+ bits with 1 thread\\(s\\)");
        assertThat(Csv.rows(table)).hasSize(1).allSatisfy(row -> {
            assertThat(row).containsEntry("architecture", architecture);
            assertThat(number(row, "latency-lower-quartile")).isPositive();
            assertThat(number(row, "latency")).isGreaterThanOrEqualTo(number(row, "latency-lower-quartile"));
            assertThat(number(row, "latency-upper-quartile")).isGreaterThanOrEqualTo(number(row, "latency"));
        });
    }

    @Test
    void refusesDevicesThatThereAreNot() throws IOException {
        Path list = Files.writeString(directory.resolve("none.txt"), "");
        String[] command = {
            "latency", "--config", config.toString(), "--architectures", list.toString(), "--device", "tpu"
        };

        assertThat(CommandRun.of(command).mistake()).isEqualTo("--device: expected cpu or cuda, not tpu");
    }
}
