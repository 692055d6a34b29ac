package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.checkpoint.Safetensors;
import io.efsnas.driver.run.SelectionRecord;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.SearchSpaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A search of the DARTS space on embedded Spark, from its configuration to a model. */
class DartsIT {

    private static final SearchSpace SPACE = SearchSpaces.named("darts");

    @TempDir
    private static Path directory;

    private static Path config;
    /** Of a search that has ended; no test changes it. */
    private static Path run;

    private static CommandRun search;

    @BeforeAll
    static void search() throws IOException {
        config = TinySearch.settings()
                .ofSpace("darts", 1)
                .withWholeImages()
                .with("space.groups", "auto")
                .with("network", "{ channels = 4, cells = 4 }")
                .with("supernet", "{ channels = 2, cells = 3 }")
                .with("training", "{ steps = 6, rounds = 3 }")
                .with("retrain", "{ enabled = true, epochs = 2, batch = 32, drop-path = 0.2, auxiliary-weight = 0.4 }")
                .writeTo(directory);
        run = directory.resolve("run");
        search = search(run).succeeded();
    }

    private static CommandRun search(Path into, String... further) {
        return CommandRun.search(config, into, further);
    }

    @Test
    void theBestIsSelectedAndBecomesAModel() {
        List<Map<String, String>> ranked = Csv.rows(run.resolve("ranking.csv"));

        assertThat(ranked).isNotEmpty().allSatisfy(row -> {
            assertThat(SPACE.connected(SPACE.parse(row.get("architecture")))).isTrue();
            assertThat(Integer.parseInt(row.get("nonlinearities"))).isBetween(0, 16);
            assertThat(Double.parseDouble(row.get("synflow"))).isFinite();
        });
        assertThat(search.out()).contains("retrained  test accuracy ");
    }

    /** Its default experts are not all for networks of this space. */
    @Test
    void theDefaultRankingSaysWhatItIsWithout() {
        SelectionRecord selection = Runs.in(run).selection().orElseThrow();

        String without =
                "; without expressivity, progressivity, trainability, which networks of this space cannot be measured by";
        assertThat(selection.rankedBy().sentence()).endsWith(without);
        assertThat(selection.rankedBy().shares())
                .containsOnlyKeys("accuracy", "live-flops", "jacobian-covariance", "synflow");
        assertThat(run.resolve("report.html")).content().contains(without);
    }

    @Test
    void theModelIsWithoutTheHeadThatHelpedToTrainIt() throws IOException {
        Set<String> model = Safetensors.read(Files.readAllBytes(run.resolve("model.safetensors")))
                .tensors()
                .keySet();
        Set<String> state = Safetensors.read(Files.readAllBytes(run.resolve("retraining/epoch-0002.safetensors")))
                .tensors()
                .keySet();

        assertThat(state).contains("auxiliary-head.classifier.weight", "classifier.weight");
        assertThat(model).contains("classifier.weight").noneMatch(name -> name.startsWith("auxiliary-head."));
    }

    @Test
    void theReportDrawsBothCells() {
        String selected = Runs.in(run).selection().orElseThrow().architecture();

        assertThat(run.resolve("report.html"))
                .content()
                .contains(
                        "aria-label=\"The normal cell as a graph\"",
                        "aria-label=\"The reduction cell as a graph\"",
                        selected);
    }

    @Test
    void aSearchThatResumesGivesTheSameRanking() throws IOException {
        Path cut = Runs.copy(
                run, "cut", "checkpoints/supernet-1", "scores.csv", "evolution.csv", "ranking.csv", "selection.json");

        search(cut).succeeded();

        assertThat(cut.resolve("ranking.csv")).hasSameBinaryContentAs(run.resolve("ranking.csv"));
    }

    @Test
    void theModelIsExported() {
        Path onnx = directory.resolve("model.onnx");

        CommandRun.of("export", "--run-dir", run.toString(), "--format", "onnx", "--output", onnx.toString())
                .succeeded();

        assertThat(onnx).exists();
    }

    @Test
    void whatTheSpaceCannotDoIsRefusedBeforeAnythingIsTrained() {
        Path unmade = directory.resolve("unmade");

        assertThat(search(unmade, "--set", "retrain.engine=dl4j").mistake())
                .isEqualTo(
                        "retrain.engine: dl4j computes no dilated depthwise convolutions, which networks of this space"
                                + " have (it is configured); expected retrain.engine = vector or libtorch, which train in one task");
        assertThat(search(unmade, "--set", "ranking.measures=[expressivity]").mistake())
                .isEqualTo(
                        "ranking.measures, rules: expressivity, progressivity, trainability look at blocks in a row, which"
                                + " networks of darts do not have; expected other measures");
        assertThat(search(unmade, "--set", "network.cells=2").mistake()).contains("network.cells", "at least 3");
        assertThat(search(unmade, "--set", "supernet.cells=1").mistake()).contains("supernet.cells", "at least 3");
        assertThat(search(unmade, "--set", "selection.strategy=ranking", "--set", "scoring.architectures=all")
                        .mistake())
                .startsWith("scoring.architectures: all is not accepted");
        assertThat(Files.exists(unmade)).isFalse();
    }
}
