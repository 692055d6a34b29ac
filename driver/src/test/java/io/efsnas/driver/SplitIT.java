package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches on embedded Spark whose space is split by what a user's own splitter measures of a trained supernet. */
class SplitIT {

    private static final String SETTINGS =
            """
            seed = 7
            space.splitter = by-loss
            splitters.by-loss.subnets = 2
            data {
              train = ["%s"]
              train-share = 0.6
              validation-share = 0.2
              limit = 600
            }
            supernet { engine = vector, channels = 2, cells = 1 }
            training { steps = 8, rounds = 4, batch = 16 }
            scoring { batch = 50, images = 100, architectures = 4 }
            ranking.rule = accuracy
            """
                    .formatted(Path.of("../conf/data/fashion-mnist/t10k-images-idx3-ubyte.gz")
                            .toAbsolutePath()
                            .normalize());

    @TempDir
    private static Path directory;

    private static Path config;
    /** Of a search that has ended; no test changes it. */
    private static Path run;

    @BeforeAll
    static void search() throws IOException {
        config = Files.writeString(directory.resolve("tiny.conf"), SETTINGS);
        run = directory.resolve("run");
        search(run);
    }

    private static void search(Path into) {
        CommandRun.succeeding(
                "search", "--master", "local[2]", "--config", config.toString(), "--run-dir", into.toString());
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(Files.readAllBytes(file));
    }

    @Test
    void theTreeHasThePartsThatWereMeasured() throws IOException {
        JsonNode split = json(run.resolve("split-root.json"));

        assertThat(split.path("node").asText()).isEqualTo("root");
        assertThat(split.path("evidence").fieldNames())
                .toIterable()
                .containsExactly("choice 0", "choice 1", "choice 2", "choice 3", "choice 4");
        List<String> subspaces = new ArrayList<>();
        json(run.resolve("search.json"))
                .path("tree")
                .forEach(node -> subspaces.add(
                        node.path("node").asText() + " " + node.path("subspace").asText()));
        assertThat(subspaces)
                .containsExactly(
                        "root all",
                        "0 " + split.at("/parts/0").asText(),
                        "1 " + split.at("/parts/1").asText());
        assertThat(split.at("/parts/0").asText()).matches("5:\\d,\\d");
        assertThat(split.at("/parts/1").asText()).matches("5:\\d,\\d,\\d");
        assertThat(Files.readAllLines(run.resolve("ranking.csv"))).hasSize(1 + 2 * 4);
    }

    @Test
    void aSearchThatResumesAfterTheSplitMeasuresNothingAnew() throws IOException {
        Path cut = copy("cut");
        FileUtils.deleteDirectory(cut.resolve("checkpoints/supernet-1").toFile());
        Files.delete(cut.resolve("scores.csv"));
        Files.delete(cut.resolve("ranking.csv"));
        int before = MeasuringSplitterProvider.MEASURED.get();

        search(cut);

        assertThat(MeasuringSplitterProvider.MEASURED).hasValue(before);
        assertThat(cut.resolve("ranking.csv")).hasSameBinaryContentAs(run.resolve("ranking.csv"));
    }

    @Test
    void aSearchThatResumesBeforeTheSplitMeasuresTheSame() throws IOException {
        Path cut = copy("before");
        FileUtils.deleteDirectory(cut.resolve("checkpoints/supernet-0").toFile());
        FileUtils.deleteDirectory(cut.resolve("checkpoints/supernet-1").toFile());
        Files.delete(cut.resolve("split-root.json"));
        Files.delete(cut.resolve("scores.csv"));
        int before = MeasuringSplitterProvider.MEASURED.get();

        search(cut);

        assertThat(MeasuringSplitterProvider.MEASURED).hasValue(before + 1);
        assertThat(cut.resolve("split-root.json")).hasSameBinaryContentAs(run.resolve("split-root.json"));
        assertThat(cut.resolve("ranking.csv")).hasSameBinaryContentAs(run.resolve("ranking.csv"));
    }

    /** As a splitter of another version may make them. */
    @Test
    void aSearchThatWasSplitIntoOtherPartsIsRefused() throws IOException {
        Path other = copy("other");
        Path split = other.resolve("split-root.json");
        String part = json(split).at("/parts/0").asText();
        Files.writeString(split, Files.readString(split).replace('"' + part + '"', "\"5:9\""));

        assertThat(CommandRun.of(
                                "search",
                                "--master",
                                "local[2]",
                                "--config",
                                config.toString(),
                                "--run-dir",
                                other.toString())
                        .mistake())
                .contains("was split into 5:9 | ", "now splits it into " + part + " | ");
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
        CommandRun refused = CommandRun.of(
                "search",
                "--master",
                "local[2]",
                "--config",
                config.toString(),
                "--run-dir",
                directory.resolve("refused").toString(),
                "--set",
                override);

        assertThat(refused.mistake()).contains(reason);
    }

    private static Path copy(String name) throws IOException {
        Path copy = directory.resolve(name);
        FileUtils.copyDirectory(run.toFile(), copy.toFile());
        return copy;
    }
}
