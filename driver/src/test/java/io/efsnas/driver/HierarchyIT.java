package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.driver.run.ChoiceRecord;
import io.efsnas.driver.run.NodeRecord;
import io.efsnas.driver.run.SplitRecord;
import io.efsnas.space.Enumeration;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.Subspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Searches on embedded Spark that split at all edges into a node, keep the best part, and teach parts by each other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HierarchyIT {

    private static final NasBench201Space SPACE = new NasBench201Space();

    private static final Path LOGS = Path.of("target/it-logs/hierarchy").toAbsolutePath();

    @TempDir
    private static Path directory;

    private Path run;
    private TestProcesses processes;
    private StandaloneCluster cluster;

    private static Path config() throws IOException {
        return TinySearch.settings()
                .with("strategy", "hep-nas")
                .with("splitters.hierarchy", "{ batches = 2, subnets = 3, images = 60 }")
                .with("training", "{ steps = 48, rounds = 8 }")
                .with("ranking.rule", "accuracy")
                .with("checkpoints.every-steps", 1)
                .writeTo(directory);
    }

    private static CommandRun search(Path run, String... further) throws IOException {
        return CommandRun.search(config(), run, further);
    }

    @BeforeAll
    void searchUndisturbed() throws Exception {
        processes = new TestProcesses(directory, LOGS);
        run = directory.resolve("undisturbed");
        search(run).succeeded();
    }

    @AfterAll
    void stop() throws Exception {
        processes.stop();
        if (cluster != null) {
            cluster.stop();
        }
    }

    private static List<NodeRecord> tree(Path run) {
        return Runs.in(run).requireSearch().tree();
    }

    private static ChoiceRecord choice(Path run, String node) {
        return Runs.in(run).choice(node).orElseThrow();
    }

    /** The ids of the supernets that were kept, the first one first. */
    private static List<String> kept(Path run) {
        String first = choice(run, "root").kept();
        String second = choice(run, first).kept();
        return List.of(first, second, choice(run, second).kept());
    }

    /** The subspace of a label such as {@code 0:1,3 1:0,4}. */
    private static Subspace subspace(String label) {
        MaskSubspace mask = MaskSubspace.whole(SPACE);
        for (String position : label.split(" ")) {
            mask = mask.restricted(
                    Integer.parseInt(position.substring(0, 1)),
                    Arrays.stream(position.substring(2).split(","))
                            .map(Integer::valueOf)
                            .toList());
        }
        return mask;
    }

    private Subspace keptPart() {
        String last = kept(run).get(2);
        return subspace(tree(run).stream()
                .filter(node -> node.node().equals(last))
                .findFirst()
                .orElseThrow()
                .subspace());
    }

    @Test
    void theBestOfTwoThenOfFourThenOfEightSupernetsIsKept() {
        List<NodeRecord> tree = tree(run);
        List<String> kept = kept(run);

        assertThat(tree).hasSize(1 + 2 + 4 + 8);
        assertThat(tree.stream().filter(NodeRecord::wasDropped)).hasSize(1 + 3 + 7);
        assertThat(tree.stream().filter(node -> !node.wasDropped()).map(NodeRecord::node))
                .containsExactly("root", kept.get(0), kept.get(1), kept.get(2));
        assertThat(tree).allMatch(node -> node.width() == 1);
        List<String> split = List.of("root", kept.get(0), kept.get(1));
        for (int level = 0; level < 3; level++) {
            SplitRecord record = Runs.in(run).split(split.get(level)).orElseThrow();
            assertThat(record.parts()).hasSize(2 << level);
            assertThat(record.evidence().values()).hasSize((level + 1) * 11);
            ChoiceRecord chosen = choice(run, split.get(level));
            assertThat(chosen.candidates()).hasSize(2 << level);
            double best = chosen.candidates().stream()
                    .mapToDouble(ChoiceRecord.Candidate::accuracy)
                    .max()
                    .orElseThrow();
            assertThat(chosen.candidates().stream().filter(one -> one.accuracy() == best))
                    .extracting(ChoiceRecord.Candidate::node)
                    .contains(chosen.kept());
        }
        // A round of each of its phases, whose supernets all take the same steps.
        assertThat(Runs.rounds(run)).hasSize(2 * (1 + 2 + 4 + 8));
        assertThat(Runs.rounds(run, kept.get(2)).get(1).metrics().toStep()).isEqualTo(48);
    }

    @Test
    void onlyThePartOfTheLastSupernetIsRanked() throws IOException {
        String last = kept(run).get(2);
        Subspace part = keptPart();

        assertThat(Csv.ranking(run)).hasSize(4).allSatisfy(row -> {
            assertThat(row.get("node")).isEqualTo(last);
            assertThat(part.contains(SPACE.parse(row.get("architecture")))).isTrue();
        });
        Path all = directory.resolve("all");
        CommandRun.select(run, all, "--set", "scoring.architectures=all").succeeded();
        assertThat(Csv.ranking(all))
                .hasSize(part.size().orElseThrow().intValueExact())
                .hasSizeBetween(2, 729)
                .allSatisfy(row -> assertThat(row.get("node")).isEqualTo(last));
        assertThat(run.resolve("report.html"))
                .content()
                .contains(" · dropped", "Supernet " + last + " was kept of those", "All of these positions were split");
    }

    @Test
    void oneExecutorGivesWhatTwoGive() throws IOException {
        Path alone = directory.resolve("alone");
        search(alone, "--master", "local[1]").succeeded();

        assertSame(alone);
    }

    /** The split is there, so that only what follows it is done again. */
    @Test
    void aSearchThatWasKilledBeforeItsChoiceChoosesTheSame() throws IOException {
        List<String> kept = kept(run);
        List<String> without = new ArrayList<>(List.of(
                "choice-" + kept.get(0) + ".json",
                "split-" + kept.get(1) + ".json",
                "choice-" + kept.get(1) + ".json",
                "scores.csv",
                "ranking.csv"));
        lastChildren(kept).forEach(child -> without.add("checkpoints/supernet-" + child));
        Path cut = Runs.copy(run, "before-choice", without.toArray(String[]::new));

        search(cut).succeeded();

        assertSame(cut);
    }

    private static Stream<String> lastChildren(List<String> kept) {
        return Stream.of(0, 1, 2, 3, 4, 5, 6, 7).map(part -> kept.get(1) + "." + part);
    }

    /** Some siblings are a round ahead, and none has ended its last round. */
    @Test
    void aSearchThatWasKilledWhileSiblingsTeachEachOtherEndsTheSame() throws IOException {
        List<String> kept = kept(run);
        List<String> without = new ArrayList<>(List.of("choice-" + kept.get(1) + ".json", "scores.csv", "ranking.csv"));
        lastChildren(kept)
                .forEach(child -> without.add("checkpoints/supernet-" + child + "/step-00000048.safetensors"));
        without.add("checkpoints/supernet-" + kept.get(1) + ".1/step-00000042.safetensors");
        Path cut = Runs.copy(run, "between-rounds", without.toArray(String[]::new));

        search(cut).succeeded();

        assertSame(cut);
    }

    /** Once in the middle of the first level, and once in that of the last. */
    @Test
    void aSearchThatWasKilledWithinARoundEndsTheSame() throws Exception {
        Path killed = directory.resolve("killed");
        for (String node : List.of("1", kept(run).get(1) + ".6")) {
            Process search = processes.startSearch("killed-" + node, config(), killed, Map.of());
            awaitUnfinishedRound(killed, node, search);
            kill(search);
        }

        assertThat(processes.startSearch("resumed", config(), killed, Map.of()).waitFor())
                .isZero();

        assertSame(killed);
    }

    @Test
    void twoExecutorsOfAClusterGiveTheSameAfterAKill() throws Exception {
        cluster = new StandaloneCluster(directory, LOGS);
        cluster.start(2);
        Path onCluster = directory.resolve("on-cluster");
        String[] arguments = {"--config", config().toString(), "--run-dir", onCluster.toString()};
        Process search = cluster.begin("cluster-killed", 1, Map.of(), "search", arguments);
        awaitUnfinishedRound(onCluster, kept(run).get(0) + ".2", search);
        kill(search);

        int status = cluster.end("cluster-resumed", cluster.begin("cluster-resumed", 1, Map.of(), "search", arguments));

        assertThat(status).isZero();
        assertSame(onCluster);
    }

    private static void awaitUnfinishedRound(Path run, String node, Process search) throws InterruptedException {
        while (!Runs.hasUnfinishedRound(run, node)) {
            assertThat(search.isAlive()).as("see the logs in %s", LOGS).isTrue();
            Thread.sleep(5);
        }
    }

    private static void kill(Process search) throws InterruptedException {
        search.descendants().forEach(ProcessHandle::destroyForcibly);
        search.destroyForcibly();
        assertThat(search.waitFor(1, TimeUnit.MINUTES)).isTrue();
    }

    /** Nobody needs the checkpoints of what was dropped; that of the parent is needed as long as it teaches. */
    @Test
    void whatWasDroppedIsNotTrainedAgain() throws IOException {
        List<String> kept = kept(run);
        List<String> without = new ArrayList<>(List.of("scores.csv", "ranking.csv"));
        lastChildren(kept)
                .filter(child -> !child.equals(kept.get(2)))
                .forEach(child -> without.add("checkpoints/supernet-" + child));
        without.add("checkpoints/supernet-" + kept.get(1));
        Path cut = Runs.copy(run, "without-dropped", without.toArray(String[]::new));

        search(cut).succeeded();

        assertSame(cut);
        assertThat(cut.resolve("checkpoints/supernet-" + kept.get(1))).doesNotExist();
    }

    private void assertSame(Path other) {
        List<String> kept = kept(run);
        List<String> files = new ArrayList<>(List.of("ranking.csv", "split-root.json", "choice-root.json"));
        for (String node : kept.subList(0, 2)) {
            files.addAll(List.of("split-" + node + ".json", "choice-" + node + ".json"));
        }
        for (String file : files) {
            assertThat(other.resolve(file)).hasSameBinaryContentAs(run.resolve(file));
        }
    }

    /** The halves stand for two supernets each, and take twice as many steps a round as the quarters. */
    @Test
    void supernetsThatAreAllKeptTeachEachOther() throws IOException {
        Path halves = directory.resolve("halves");
        Path alone = directory.resolve("halves-alone");
        for (Path of : List.of(halves, alone)) {
            String master = of.equals(alone) ? "local[1]" : "local[2]";
            CommandRun.search(
                            config(),
                            of,
                            "--master",
                            master,
                            "--set",
                            "strategy=gm-nas",
                            "--set",
                            "training.scheme=mutual",
                            "--set",
                            "splitters.gradient.batches=2")
                    .succeeded();
        }

        assertThat(tree(halves)).hasSize(7).noneMatch(NodeRecord::wasDropped);
        assertThat(Csv.ranking(halves)).hasSize(4 * 4);
        assertThat(alone.resolve("ranking.csv")).hasSameBinaryContentAs(halves.resolve("ranking.csv"));
    }

    @Test
    void anArchitectureThatNoSupernetServesIsRefused() throws IOException {
        Subspace part = keptPart();
        String other = SPACE.format(Enumeration.connected(SPACE)
                .filter(architecture -> !part.contains(architecture))
                .findFirst()
                .orElseThrow());
        Path file = Files.writeString(directory.resolve("other.csv"), other + "\n");

        assertThat(CommandRun.score(run, file, directory.resolve("other-scores.csv"))
                        .mistake())
                .isEqualTo("no supernet of file:" + run + " serves " + other
                        + "; expected an architecture of the part of the space whose supernet was kept, "
                        + part.label());
    }

    @Test
    void whatCannotBeSplitOrTaughtIsRefusedBeforeTraining() throws IOException {
        assertRefused("splitters.hierarchy.batches=0", "splitters.hierarchy.batches: 0 is not accepted");
        assertRefused(
                "splitters.hierarchy.levels=4",
                "splitters.hierarchy.levels: 4 is not accepted; expected auto, or a whole number from 1 to 3");
        assertRefused(
                "splitters.hierarchy.images=121",
                "space.splitter: hierarchy is not accepted; splitters.hierarchy is set to choose supernets by 121 images,"
                        + " more than the 120 of the validation part");
        assertRefused("training.rounds=3", "training.rounds: 3 is not accepted; expected at least 4");
        assertRefused(
                "training.sharing.mode=independent",
                "training.sharing.mode: \"independent\" is not accepted; expected warm-start");
        assertRefused("training.workers=2", "training.workers: 2 is not accepted; expected 1 or auto");
        assertRefused("checkpoints.keep=1", "checkpoints.keep: 1 is not accepted; expected at least 2");
        assertRefused(
                "selection.strategy=evolution",
                "selection.strategy: evolution is not accepted; expected ranking, since space.splitter = hierarchy keeps a"
                        + " supernet for a part of the space alone");
    }

    private static void assertRefused(String override, String reason) throws IOException {
        Path refused = directory.resolve("refused");

        assertThat(search(refused, "--set", override).mistake()).contains(reason);

        assertThat(refused).doesNotExist();
    }
}
