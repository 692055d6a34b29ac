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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches on embedded Spark with each splitter of efsnas that is not {@code count}. */
class SplitterIT {

    private static final String SETTINGS =
            """
            seed = 7
            splitters.gradient.batches = 2
            data {
              train = ["%s"]
              train-share = 0.6
              validation-share = 0.2
              limit = 600
            }
            supernet { engine = vector, threads = 1, channels = 2, cells = 1 }
            training { steps = 8, rounds = 4, batch = 16 }
            scoring { batch = 50, images = 100, architectures = 4 }
            ranking.rule = accuracy
            """
                    .formatted(Path.of("../conf/data/fashion-mnist/t10k-images-idx3-ubyte.gz")
                            .toAbsolutePath()
                            .normalize());

    @TempDir
    private static Path directory;

    private static CommandRun search(String master, String strategy, Path run, String... overrides) {
        Path config = directory.resolve(strategy + ".conf");
        try {
            Files.writeString(config, "strategy = " + strategy + "\n" + SETTINGS);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        List<String> arguments = new ArrayList<>(
                List.of("search", "--master", master, "--config", config.toString(), "--run-dir", run.toString()));
        for (String override : overrides) {
            arguments.addAll(List.of("--set", override));
        }
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    private static List<String> tree(Path run) throws IOException {
        List<String> nodes = new ArrayList<>();
        json(run.resolve("search.json"))
                .path("tree")
                .forEach(node -> nodes.add(
                        node.path("node").asText() + " " + node.path("subspace").asText()));
        return nodes;
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(Files.readAllBytes(file));
    }

    private static void assertEnded(CommandRun run) {
        assertThat(run.status()).as(run.err()).isZero();
    }

    @Test
    void gradientsSplitTwiceAndAResumedSearchEndsTheSame() throws IOException {
        Path run = directory.resolve("gradient");
        assertEnded(search("local[2]", "gm-nas", run));

        assertThat(tree(run)).hasSize(7).element(0).isEqualTo("root all");
        for (String node : List.of("root", "0", "1")) {
            JsonNode split = json(run.resolve("split-" + node + ".json"));
            int compared = node.equals("root") ? 6 : 5;
            assertThat(split.path("evidence")).hasSize(compared * 11);
            assertThat(split.path("parts")).hasSize(2);
        }
        assertThat(json(run.resolve("split-root.json")).at("/parts/0").asText()).matches("\\d:\\d,\\d");
        assertThat(Files.readAllLines(run.resolve("ranking.csv"))).hasSize(1 + 4 * 4);

        Path alone = directory.resolve("gradient-alone");
        assertEnded(search("local[1]", "gm-nas", alone));
        assertSame(alone, run);

        // As after a kill between the two splits of the second level.
        Path cut = directory.resolve("gradient-cut");
        FileUtils.copyDirectory(run.toFile(), cut.toFile());
        Files.delete(cut.resolve("split-1.json"));
        for (String leaf : List.of("0.0", "0.1", "1.0", "1.1")) {
            FileUtils.deleteDirectory(
                    cut.resolve("checkpoints/supernet-" + leaf).toFile());
        }
        Files.delete(cut.resolve("scores.csv"));
        Files.delete(cut.resolve("ranking.csv"));
        assertEnded(search("local[2]", "gm-nas", cut));
        assertSame(cut, run);
    }

    private static void assertSame(Path run, Path expected) {
        for (String file : List.of("split-root.json", "split-0.json", "split-1.json", "ranking.csv")) {
            assertThat(run.resolve(file)).hasSameBinaryContentAs(expected.resolve(file));
        }
    }

    @Test
    void anEdgeIsSplitAndAResumedSearchEndsTheSame() throws IOException {
        Path run = directory.resolve("edge");
        assertEnded(search("local[2]", "few-shot-nas", run));

        List<String> tree = tree(run);
        assertThat(tree).hasSize(6);
        String position = tree.get(1).substring(2, 3);
        for (int choice = 0; choice < 5; choice++) {
            assertThat(tree.get(choice + 1)).isEqualTo(choice + " " + position + ":" + choice);
        }

        Path alone = directory.resolve("edge-alone");
        assertEnded(search("local[1]", "few-shot-nas", alone));
        assertThat(alone.resolve("ranking.csv")).hasSameBinaryContentAs(run.resolve("ranking.csv"));

        Path cut = directory.resolve("edge-cut");
        FileUtils.copyDirectory(run.toFile(), cut.toFile());
        FileUtils.deleteDirectory(cut.resolve("checkpoints/supernet-3").toFile());
        Files.delete(cut.resolve("scores.csv"));
        Files.delete(cut.resolve("ranking.csv"));
        assertEnded(search("local[2]", "few-shot-nas", cut));
        assertThat(cut.resolve("ranking.csv")).hasSameBinaryContentAs(run.resolve("ranking.csv"));
    }

    @Test
    void whatCannotBeSplitIsRefusedBeforeTraining() {
        assertRefused(
                "few-shot-nas",
                "splitters.edge.position=6",
                "splitters.edge.position: 6 is not accepted; expected auto, or one of [0, 1, 2, 3, 4, 5]");
        assertRefused("gm-nas", "splitters.gradient.batches=0", "splitters.gradient.batches: 0 is not accepted");
        assertRefused(
                "gm-nas",
                "training.sharing.mode=independent",
                "training.sharing.mode: independent is not accepted; expected warm-start");
    }

    private static void assertRefused(String strategy, String override, String reason) {
        Path run = directory.resolve("refused");

        assertThat(search("local[1]", strategy, run, override).mistake()).contains(reason);
        assertThat(run.resolve("rounds.csv")).doesNotExist();
    }
}
