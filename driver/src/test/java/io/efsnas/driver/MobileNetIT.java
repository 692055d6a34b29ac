package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.space.SearchSpace;
import io.efsnas.space.SearchSpaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A search of the MobileNet space on embedded Spark, from its configuration to a model. */
class MobileNetIT {

    private static final long LIMIT = 150_000;

    private static final SearchSpace SPACE = SearchSpaces.named("mobilenet");

    @TempDir
    private static Path directory;

    private static Path config;
    /** Of a search that has ended; no test changes it. */
    private static Path run;

    private static CommandRun search;

    @BeforeAll
    static void search() throws IOException {
        config = TinySearch.settings()
                .ofSpace("mobilenet", 2)
                .with("space.groups", "[[12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34], [36, 38], [40, 42]]")
                .with("spaces.mobilenet.stem-stride", 1)
                .with("data.shrink", 2)
                .with("network", "{ channels = 4, cells = auto }")
                .with("supernet.channels", 2)
                .with("training.label-smoothing", 0.1)
                .with("ranking", "{ rule = accuracy, measures = [expressivity], limits.flops = %d }".formatted(LIMIT))
                .with("retrain.engine", "dl4j")
                .writeTo(directory);
        run = directory.resolve("run");
        search = search(run).succeeded();
    }

    private static CommandRun search(Path into, String... further) {
        return CommandRun.search(config, into, further);
    }

    @Test
    void theBestWithinTheLimitIsSelectedAndBecomesAModel() {
        List<Map<String, String>> ranked = Csv.rows(run.resolve("ranking.csv"));

        assertThat(ranked).hasSize(12).allSatisfy(row -> {
            assertThat(Long.parseLong(row.get("flops"))).isLessThanOrEqualTo(LIMIT);
            assertThat(SPACE.parse(row.get("architecture")).choices()).hasSize(21);
            assertThat(Double.parseDouble(row.get("expressivity"))).isFinite();
        });
        assertThat(search.out()).contains("ranked 1 of 12", "retrained  test accuracy ");
        assertThat(run.resolve("model.zip")).exists();
    }

    @Test
    void theReportDrawsTheBlocks() {
        String selected = Runs.in(run).selection().orElseThrow().architecture();

        assertThat(run.resolve("report.html"))
                .content()
                .contains("aria-label=\"The blocks as a strip\"", "stage 6", selected)
                .doesNotContain("choice 1 of ");
    }

    @Test
    void aSearchThatResumesGivesTheSameRanking() throws IOException {
        Path cut = Runs.copy(
                run, "cut", "checkpoints/supernet-1", "scores.csv", "evolution.csv", "ranking.csv", "selection.json");

        search(cut).succeeded();

        assertThat(cut.resolve("ranking.csv")).hasSameBinaryContentAs(run.resolve("ranking.csv"));
        assertThat(cut.resolve("evolution.csv")).hasSameBinaryContentAs(run.resolve("evolution.csv"));
    }

    @Test
    void whatTheSpaceCannotDoIsRefusedBeforeAnythingIsTrained() {
        Path unmade = directory.resolve("unmade");

        assertThat(search(unmade, "--set", "selection.strategy=ranking", "--set", "scoring.architectures=all")
                        .mistake())
                .startsWith("scoring.architectures: all is not accepted; expected a number, a table, or another"
                        + " selection.strategy, since mobilenet has 221502229807900608 architectures");
        assertThat(search(unmade, "--set", "network.cells=5").mistake())
                .contains("network.cells", "expected auto or 1, since networks of mobilenet repeat no cell");
        assertThat(search(unmade, "--set", "training.scheme=fair").mistake())
                .startsWith("training.scheme: fair is not accepted");
        assertThat(search(unmade, "--set", "training.scheme=sandwich").mistake())
                .contains("training.label-smoothing", "expected 0: with training.scheme = sandwich");
        assertThat(search(unmade, "--set", "spaces.mobilenet.stem-stride=4").mistake())
                .contains("spaces.mobilenet.stem-stride", "a whole number from 1 to 2");
        assertThat(unmade).doesNotExist();
        assertThat(CommandRun.of("space", "--config", config.toString(), "--list", unmade.toString())
                        .mistake())
                .isEqualTo("--list: mobilenet cannot be listed, since it has 221502229807900608 architectures");
        assertThat(unmade).doesNotExist();
    }

    @Test
    void blocksWithExcitationAreSearchedAndBecomeAModel() {
        Path excited = directory.resolve("excited");
        Path onnx = directory.resolve("excited.onnx");
        String[] space = {"--set", "space.name=mobilenet-se", "--set", "spaces.mobilenet-se.stem-stride=1"};

        assertThat(search(directory.resolve("unmade"), space).mistake())
                .isEqualTo("retrain.engine: dl4j computes no squeeze-and-excitation, which networks of this space have"
                        + " (it is configured); expected retrain.engine = vector or libtorch, which train in one task");
        CommandRun found = search(
                        excited,
                        Stream.concat(Stream.of(space), Stream.of("--set", "retrain.engine=vector"))
                                .toArray(String[]::new))
                .succeeded();
        CommandRun.of("export", "--run-dir", excited.toString(), "--format", "onnx", "--output", onnx.toString())
                .succeeded();

        assertThat(found.out()).contains("ranked 1 of 12", "retrained  test accuracy ");
        assertThat(excited.resolve("report.html"))
                .content()
                .contains("mobilenet-se", "aria-label=\"The blocks as a strip\"");
        assertThat(onnx).exists();
    }

    @Test
    void oneSupernetTrainsASubnetOfEachGroupInAStep() throws IOException {
        Path single = directory.resolve("single");

        search(
                        single,
                        "--set",
                        "space.groups=auto",
                        "--set",
                        "space.subspaces=1",
                        "--set",
                        "training.scheme=each-group",
                        "--set",
                        "schemes.each-group.groups=" + "[[12,14,16,18,20,22,24,26,28,30,32],[34],[36],[38],[40],[42]]",
                        "--set",
                        "retrain.enabled=false")
                .succeeded();

        assertThat(Files.readAllLines(single.resolve("ranking.csv"))).hasSize(1 + 12);
    }
}
