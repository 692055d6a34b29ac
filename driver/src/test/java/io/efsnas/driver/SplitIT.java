package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.driver.run.SplitRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches on embedded Spark whose space is split by what a user's own splitter measures of a trained supernet. */
class SplitIT {

    @TempDir
    private static Path directory;

    private static Path config;
    /** Of a search that has ended; no test changes it. */
    private static Path run;

    @BeforeAll
    static void search() throws IOException {
        config = TinySearch.settings()
                .with("space.splitter", "by-loss")
                .with("splitters.by-loss.subnets", 2)
                .with("training", "{ steps = 8, rounds = 4 }")
                .with("ranking.rule", "accuracy")
                .writeTo(directory);
        run = directory.resolve("run");
        search(run).succeeded();
    }

    private static CommandRun search(Path into, String... further) {
        return CommandRun.search(config, into, further);
    }

    @Test
    void theTreeHasThePartsThatWereMeasured() throws IOException {
        SplitRecord split = split();

        assertThat(split.node()).isEqualTo("root");
        assertThat(split.evidence().values().keySet())
                .containsExactly("choice 0", "choice 1", "choice 2", "choice 3", "choice 4");
        assertThat(Runs.in(run).requireSearch().tree())
                .extracting(node -> node.node() + " " + node.subspace())
                .containsExactly(
                        "root all",
                        "0 " + split.parts().get(0),
                        "1 " + split.parts().get(1));
        assertThat(split.parts().get(0)).matches("5:\\d,\\d");
        assertThat(split.parts().get(1)).matches("5:\\d,\\d,\\d");
        assertThat(Files.readAllLines(run.resolve("ranking.csv"))).hasSize(1 + 2 * 4);
    }

    private static SplitRecord split() {
        return Runs.in(run).split("root").orElseThrow();
    }

    @Test
    void aSearchThatResumesAfterTheSplitMeasuresNothingAnew() throws IOException {
        Path cut = Runs.copy(run, "cut", "checkpoints/supernet-1", "scores.csv", "ranking.csv");
        int before = MeasuringSplitterProvider.MEASURED.get();

        search(cut).succeeded();

        assertThat(MeasuringSplitterProvider.MEASURED).hasValue(before);
        assertThat(cut.resolve("ranking.csv")).hasSameBinaryContentAs(run.resolve("ranking.csv"));
    }

    @Test
    void aSearchThatResumesBeforeTheSplitMeasuresTheSame() throws IOException {
        Path cut = Runs.copy(
                run, "before", "checkpoints/supernet-0", "checkpoints/supernet-1", "split-root.json", "scores.csv");
        int before = MeasuringSplitterProvider.MEASURED.get();

        search(cut).succeeded();

        assertThat(MeasuringSplitterProvider.MEASURED).hasValue(before + 1);
        assertThat(cut.resolve("split-root.json")).hasSameBinaryContentAs(run.resolve("split-root.json"));
        assertThat(cut.resolve("ranking.csv")).hasSameBinaryContentAs(run.resolve("ranking.csv"));
    }

    /** As a splitter of another version may make them. */
    @Test
    void aSearchThatWasSplitIntoOtherPartsIsRefused() throws IOException {
        Path other = Runs.copy(run, "other");
        String part = split().parts().get(0);
        Path file = other.resolve("split-root.json");
        Files.writeString(file, Files.readString(file).replace('"' + part + '"', "\"5:9\""));

        assertThat(search(other).mistake()).contains("was split into 5:9 | ", "now splits it into " + part + " | ");
    }

    @Test
    void aSpaceNeedNotCountNonlinearFunctions() throws IOException {
        Path uncounted = directory.resolve("uncounted");
        String[] space = {"--set", "space.name=uncounted"};
        search(uncounted, space).succeeded();
        Path list = directory.resolve("list.csv");
        Path truth = directory.resolve("truth.csv");
        CommandRun.succeeding(
                "space", "--config", config.toString(), "--list", list.toString(), "--set", "space.name=uncounted");
        Files.write(
                truth,
                Stream.concat(
                                Stream.of("architecture,test_accuracy"),
                                Csv.ranked(uncounted).stream()
                                        .map(each -> each + ",90." + Math.floorMod(each.hashCode(), 10)))
                        .toList());

        assertThat(Files.readAllLines(uncounted.resolve("ranking.csv")))
                .startsWith("rank,architecture,node,accuracy,loss,flops,parameters,score")
                .hasSize(1 + 2 * 4);
        assertThat(uncounted.resolve("report.html")).content().doesNotContain("Nonlinear functions", " by count");
        assertThat(Files.readAllLines(list))
                .startsWith("architecture,node,connected,flops,parameters,live-flops,live-parameters")
                .hasSize(1 + 15_625);
        assertThat(CommandRun.succeeding("correlate", "--run-dir", uncounted.toString(), "--table", truth.toString())
                        .out())
                .contains("live-parameters")
                .doesNotContain("nonlinearities");
        assertThat(search(
                                directory.resolve("refused"),
                                "--set",
                                "space.name=uncounted",
                                "--set",
                                "ranking.measures=[nonlinearities]")
                        .mistake())
                .isEqualTo("ranking.measures, rules: the search space uncounted counts no nonlinear functions");
    }

    @Test
    void settingsOfASplitterAreCheckedAsOurs() {
        assertRefused(
                "splitters.by-loss.subnet=3",
                "splitters.by-loss.subnet: there is no such key; did you mean splitters.by-loss.subnets?");
        assertRefused(
                "splitters.by-loss.position=6",
                "splitters.by-loss.position: 6 is not accepted; nas-bench-201 has the positions 0 to 5");
        assertRefused("space.splitter=colour", "space.splitter: \"colour\" is not accepted; expected one of");
        assertRefused("training.sharing.mode=independent", "training.sharing.mode: independent is not accepted");
    }

    private static void assertRefused(String override, String reason) {
        assertThat(search(directory.resolve("refused"), "--set", override).mistake())
                .contains(reason);
    }
}
