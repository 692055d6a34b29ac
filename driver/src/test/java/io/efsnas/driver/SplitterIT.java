package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.driver.run.SplitRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Searches on embedded Spark with each splitter of efsnas that is not {@code count}. */
class SplitterIT {

    @TempDir
    private static Path directory;

    private static CommandRun search(String strategy, Path run, String... further) throws IOException {
        Path config = TinySearch.settings()
                .with("strategy", strategy)
                .with("splitters.gradient.batches", 2)
                .with("splitters.dimension", "{ batches = 3, neighbours = 4 }")
                .with("training", "{ steps = 8, rounds = 4 }")
                .with("ranking.rule", "accuracy")
                .writeTo(directory);
        return CommandRun.search(config, run, further);
    }

    private static List<String> tree(Path run) {
        return Runs.in(run).requireSearch().tree().stream()
                .map(node -> node.node() + " " + node.subspace())
                .toList();
    }

    @Test
    void gradientsSplitTwiceAndAResumedSearchEndsTheSame() throws IOException {
        Path run = directory.resolve("gradient");
        search("gm-nas", run).succeeded();

        assertThat(tree(run)).hasSize(7).element(0).isEqualTo("root all");
        for (String node : List.of("root", "0", "1")) {
            SplitRecord split = Runs.in(run).split(node).orElseThrow();
            int compared = node.equals("root") ? 6 : 5;
            assertThat(split.evidence().values()).hasSize(compared * 11);
            assertThat(split.parts()).hasSize(2);
        }
        assertThat(Runs.in(run).split("root").orElseThrow().parts().get(0)).matches("\\d:\\d,\\d");
        assertThat(Csv.ranking(run)).hasSize(4 * 4);

        Path alone = directory.resolve("gradient-alone");
        search("gm-nas", alone, "--master", "local[1]").succeeded();
        assertSame(alone, run);

        // As after a kill between the two splits of the second level.
        Path cut = Runs.copy(
                run,
                "gradient-cut",
                "split-1.json",
                "checkpoints/supernet-0.0",
                "checkpoints/supernet-0.1",
                "checkpoints/supernet-1.0",
                "checkpoints/supernet-1.1",
                "scores.csv",
                "ranking.csv");
        search("gm-nas", cut).succeeded();
        assertSame(cut, run);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gm-nas", "nas-lid"})
    void supernetsThatTheirEngineLetsNobodyLookIntoAreMeasuredByAnother(String strategy) throws IOException {
        Path run = directory.resolve(strategy + "-blind");
        search(strategy, run, "--set", "supernet.engine=" + BlindEngine.NAME).succeeded();

        assertThat(Runs.in(run).requireSearch().engine().name()).isEqualTo(BlindEngine.NAME);
        Path seeing = directory.resolve(strategy + "-seeing");
        search(strategy, seeing, "--set", "supernet.engine=vector").succeeded();
        assertSame(run, seeing);
    }

    @Test
    void dimensionsSplitTheSameOnOneExecutorAndOnTwo() throws IOException {
        Path run = directory.resolve("dimension");
        search("nas-lid", run).succeeded();

        assertThat(tree(run)).hasSize(7);
        assertThat(Runs.in(run).split("1").orElseThrow().evidence().values())
                .hasSize(5 * 11)
                .allSatisfy((name, value) -> assertThat(value).isBetween(0.0, name.endsWith("cut") ? 4.0 : 1.0));
        assertThat(run.resolve("report.html")).content().contains("Supernet 1: ", ": split here");

        Path alone = directory.resolve("dimension-alone");
        search("nas-lid", alone, "--master", "local[1]").succeeded();
        assertSame(alone, run);
    }

    private static void assertSame(Path run, Path expected) {
        for (String file : List.of("split-root.json", "split-0.json", "split-1.json", "ranking.csv")) {
            assertThat(run.resolve(file)).hasSameBinaryContentAs(expected.resolve(file));
        }
    }

    @Test
    void anEdgeIsSplitAndAResumedSearchEndsTheSame() throws IOException {
        Path run = directory.resolve("edge");
        search("few-shot-nas", run).succeeded();

        List<String> tree = tree(run);
        assertThat(tree).hasSize(6);
        String position = tree.get(1).substring(2, 3);
        for (int choice = 0; choice < 5; choice++) {
            assertThat(tree.get(choice + 1)).isEqualTo(choice + " " + position + ":" + choice);
        }

        Path alone = directory.resolve("edge-alone");
        search("few-shot-nas", alone, "--master", "local[1]").succeeded();
        assertThat(alone.resolve("ranking.csv")).hasSameBinaryContentAs(run.resolve("ranking.csv"));

        Path cut = Runs.copy(run, "edge-cut", "checkpoints/supernet-3", "scores.csv", "ranking.csv");
        search("few-shot-nas", cut).succeeded();
        assertThat(cut.resolve("ranking.csv")).hasSameBinaryContentAs(run.resolve("ranking.csv"));
    }

    /** The warm start and its splits are those of a search whose parts begin as copies; what follows is not. */
    @Test
    void partsThatBeginAnewResumeToTheSameRanking() throws IOException {
        String[] restart = {"--set", "training.sharing.restart=final"};
        for (String strategy : List.of("gm-nas", "nas-lid", "few-shot-nas", "efs-nas")) {
            Path copies = directory.resolve(strategy + "-copies");
            Path run = directory.resolve(strategy + "-anew");
            search(strategy, copies).succeeded();
            search(strategy, run, restart).succeeded();

            assertThat(tree(run)).as(strategy).isEqualTo(tree(copies));
            String last = tree(run).get(tree(run).size() - 1).split(" ")[0];
            String checkpoint = "checkpoints/supernet-" + last + "/step-00000008.safetensors";
            assertThat(Files.mismatch(run.resolve(checkpoint), copies.resolve(checkpoint)))
                    .as(strategy)
                    .isNotNegative();

            Path cut = Runs.copy(run, strategy + "-cut", "checkpoints/supernet-" + last, "scores.csv", "ranking.csv");
            search(strategy, cut, restart).succeeded();
            assertThat(cut.resolve("ranking.csv")).hasSameBinaryContentAs(run.resolve("ranking.csv"));
            assertThat(cut.resolve(checkpoint)).exists();
        }
    }

    @Test
    void whatCannotBeSplitIsRefusedBeforeTraining() throws IOException {
        assertRefused(
                "few-shot-nas",
                "splitters.edge.position=6",
                "splitters.edge.position: 6 is not accepted; expected auto, or one of [0, 1, 2, 3, 4, 5]");
        assertRefused("gm-nas", "splitters.gradient.batches=0", "splitters.gradient.batches: 0 is not accepted");
        assertRefused(
                "nas-lid",
                "splitters.dimension.neighbours=1000",
                "splitters.dimension.neighbours: 1000 is not accepted; expected fewer than the ");
        assertRefused(
                "gm-nas",
                "training.sharing.mode=independent",
                "training.sharing.mode: independent is not accepted; expected warm-start");
    }

    private static void assertRefused(String strategy, String override, String reason) throws IOException {
        Path run = directory.resolve("refused");

        assertThat(search(strategy, run, "--set", override).mistake()).contains(reason);

        assertThat(run).doesNotExist();
    }
}
