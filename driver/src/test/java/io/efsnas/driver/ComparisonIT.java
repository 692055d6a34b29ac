package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.driver.run.ComparisonRecord;
import io.efsnas.driver.run.ComparisonRecord.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Strategies compared on embedded Spark, with a table of accuracies that are made up. */
class ComparisonIT {

    private static final String NOT_REPEATED = "device-seconds";

    @TempDir
    private static Path directory;

    private static Path config;
    private static Path table;
    private static Path comparison;

    @BeforeAll
    static void compare() throws IOException {
        table = Files.writeString(
                directory.resolve("truth.csv"),
                """
                architecture,test_accuracy
                |nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_3x3~2|,94
                |nor_conv_1x1~0|+|nor_conv_3x3~0|skip_connect~1|+|skip_connect~0|none~1|nor_conv_3x3~2|,93
                |skip_connect~0|+|nor_conv_3x3~0|none~1|+|skip_connect~0|nor_conv_1x1~1|none~2|,90
                |avg_pool_3x3~0|+|none~0|none~1|+|skip_connect~0|none~1|avg_pool_3x3~2|,60
                |none~0|+|none~0|none~1|+|none~0|none~1|none~2|,10
                """);
        config = TinySearch.settings()
                .with(
                        "compare",
                        """
                        {
                          strategies = [one-shot, efs-nas, hopeless]
                          seeds = [1, 2]
                          table = "%s"
                          variants.hopeless { strategy = one-shot, training.learning-rate.initial = 1e30 }
                        }
                        """
                                .formatted(table))
                .with("ranking.rule", "accuracy")
                .writeTo(directory);
        comparison = directory.resolve("comparison");
        run(comparison);
    }

    /** A search that fails is reported by the last line. */
    private static void run(Path to) {
        CommandRun compared = CommandRun.of(
                "compare", "--config", config.toString(), "--run-dir", to.toString(), "--master", "local[2]");
        assertThat(compared.status()).as(compared.err()).isEqualTo(1);
        assertThat(compared.err())
                .contains("efsnas: 2 of 6 searches failed: hopeless-seed-1, hopeless-seed-2; comparison.json says why");
        assertThat(compared.out()).containsPattern("one-shot +2/2").containsPattern("hopeless +0/2 +-");
    }

    @Test
    void everySearchIsARowAndSoIsEveryFreeBaseline() {
        List<Map<String, String>> rows = Csv.rows(comparison.resolve("comparison.csv"));

        assertThat(Csv.column(rows, "strategy"))
                .containsExactly(
                        "one-shot",
                        "one-shot",
                        "efs-nas",
                        "efs-nas",
                        "hopeless",
                        "hopeless",
                        "nonlinearities",
                        "flops",
                        "parameters",
                        "live-flops",
                        "live-parameters");
        assertThat(Csv.column(rows, "state"))
                .startsWith("complete", "complete", "complete", "complete", "failed", "failed", "baseline");
        assertThat(Csv.column(rows.subList(0, 4), "steps")).containsExactly("18", "18", "6", "6");
        assertThat(Csv.column(rows.subList(0, 4), "cost")).containsOnly("18");
        Map<String, String> truth = new HashMap<>();
        Csv.rows(table).forEach(row -> truth.put(row.get("architecture"), row.get("test_accuracy")));
        assertThat(rows.subList(0, 4)).allSatisfy(row -> {
            assertThat(row.get("true-accuracy")).isEqualTo(truth.get(row.get("selected")));
            assertThat(row.get("tau")).isEqualTo(row.get("tau-of-accuracy"));
        });
        assertThat(rows.get(9).get("tau")).isEqualTo("1"); // the table has the order of the live FLOPs
    }

    @Test
    void searchesScoreTheTable() {
        assertThat(Csv.ranked(comparison.resolve("efs-nas-seed-2"))).hasSize(4); // one is not connected
        assertThat(Runs.in(comparison.resolve("one-shot-seed-1")).correlation()).isPresent();
        assertThat(comparison.resolve("report.html"))
                .content()
                .contains("one-shot-seed-1/report.html", "hopeless-seed-2 failed: ", "live-parameters", "Published");
    }

    @Test
    void interruptedComparisonIsResumedToTheSameTable() throws IOException {
        Path resumed = Runs.copy(comparison, "resumed", "efs-nas-seed-2", "one-shot-seed-1/ranking.csv");
        Files.writeString(
                resumed.resolve("one-shot-seed-1/search.json"),
                Files.readString(resumed.resolve("one-shot-seed-1/search.json"))
                        .replace("\"complete\"", "\"running\""));

        run(resumed);

        assertThat(Csv.without(Csv.rows(resumed.resolve("comparison.csv")), NOT_REPEATED))
                .isEqualTo(Csv.without(Csv.rows(comparison.resolve("comparison.csv")), NOT_REPEATED));
        assertThat(resumed.resolve("efs-nas-seed-2/ranking.csv"))
                .hasSameBinaryContentAs(comparison.resolve("efs-nas-seed-2/ranking.csv"));
    }

    @Test
    void anotherComparisonIsRefusedInItsDirectory() throws IOException {
        Path otherTable = Files.writeString(
                directory.resolve("other.csv"), Files.readString(table).replace(",94", ",95"));
        assertThat(CommandRun.of(
                                "compare",
                                "--config",
                                config.toString(),
                                "--set",
                                "training.momentum=0.5",
                                "--run-dir",
                                comparison.toString(),
                                "--master",
                                "local[2]")
                        .mistake())
                .contains(
                        "one-shot-seed-1 holds another search, which differs in training.momentum (0.9 there, 0.5 now)");
        assertThat(CommandRun.of(
                                "compare",
                                "--config",
                                config.toString(),
                                "--table",
                                otherTable.toString(),
                                "--run-dir",
                                comparison.toString(),
                                "--master",
                                "local[2]")
                        .mistake())
                .contains("was judged by ", "use another run directory for another table");
        assertThat(CommandRun.search(config, comparison).mistake()).contains("is that of a comparison; give another");
    }

    @Test
    void aDirectoryOfSearchesIsNoDirectoryOfRuns() {
        assertThat(CommandRun.of("runs", comparison.toString()).mistake()).contains("is a run directory itself");
    }

    @Test
    void runsAreListedWithTheirComparison() {
        String listed = CommandRun.succeeding("runs", directory.toString()).out();

        assertThat(listed)
                .containsPattern("failed +- .* comparison, a comparison\n.* {2}one-shot-seed-1\n")
                .containsPattern("failed +- .* {3}hopeless-seed-2\n");
    }

    @Test
    void oldComparisonIsRemovedWithItsSearches() throws IOException {
        Path old = Runs.copy(comparison, "old/comparison");

        CommandRun.succeeding(
                "runs", "--remove-older-than", "0h", old.getParent().toString());

        assertThat(old).doesNotExist();
        ComparisonRecord kept = Runs.in(comparison).comparison().orElseThrow();
        assertThat(kept.searches().get(5).state()).isEqualTo(State.FAILED);
        assertThat(kept.searches().get(5).failure()).contains("the loss is no longer a number");
    }
}
