package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.checkpoint.Safetensors;
import io.efsnas.job.RoundReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Searches on embedded Spark whose supernets are trained by another scheme than the usual one. */
class SchemeIT {

    /** As many times a search is started to be killed in the middle of a round: it can also end between two. */
    private static final int MOST_STARTS = 10;

    @TempDir
    private static Path directory;

    private static Path config;
    /** Of a search that has ended; no test changes it. */
    private static Path run;

    private static TestProcesses processes;

    @BeforeAll
    static void search() throws IOException {
        config = TinySearch.settings()
                .with("training", "{ steps = 120, rounds = 4, scheme = greedy }")
                .with("schemes.greedy", "{ candidates = 4, trained = 2, images = 20 }")
                .with("schemes.greedy", "{ uniform-until = 0.05, pool = 10, pool-age = 20 }")
                .with("ranking.rule", "accuracy")
                .with("checkpoints", "{ keep = 3, every-steps = 5 }") // so that a search is killed within a round
                .writeTo(directory);
        run = directory.resolve("run");
        processes = new TestProcesses(directory, Path.of("target", "scheme"));
        search(run).succeeded();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        processes.stop();
    }

    private static CommandRun search(Path into, String... settings) {
        return CommandRun.search(
                config,
                into,
                Stream.of(settings)
                        .flatMap(setting -> Stream.of("--set", setting))
                        .toArray(String[]::new));
    }

    @Test
    void checkpointsKeepThePoolOfEachSupernet() throws IOException {
        for (String checkpoint : List.of("supernet-root/step-00000180", "supernet-1/step-00000120")) {
            Path file = run.resolve("checkpoints").resolve(checkpoint + ".safetensors");

            assertThat(Safetensors.read(Files.readAllBytes(file))
                            .tensors()
                            .get("scheme.pool.choices")
                            .shape())
                    .containsExactly(10, 6);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"supernet-root/step-00000180.safetensors", "supernet-2", "supernet-1/step-00000120.safetensors"})
    void aSearchThatWasCutBetweenRoundsEndsWithTheSameRanking(String lost) throws IOException {
        Path cut = Runs.copy(run, "cut", "checkpoints/" + lost, "scores.csv", "ranking.csv");
        if (lost.contains("root")) { // nothing of its children either
            for (int child = 0; child < 3; child++) {
                FileUtils.deleteDirectory(
                        cut.resolve("checkpoints/supernet-" + child).toFile());
            }
        }

        search(cut).succeeded();

        assertThat(cut.resolve("ranking.csv")).hasSameBinaryContentAs(run.resolve("ranking.csv"));
    }

    @Test
    void aSearchThatWasKilledInTheMiddleOfRoundsEndsWithTheSameRanking() throws IOException, InterruptedException {
        Path killed = directory.resolve("killed");

        killWithin(killed, "root");
        killWithin(killed, "1");
        search(killed).succeeded();

        assertThat(killed.resolve("ranking.csv")).hasSameBinaryContentAs(run.resolve("ranking.csv"));
    }

    /** Starts a search and kills its process once a supernet has written a checkpoint in the middle of a round. */
    private static void killWithin(Path into, String node) throws IOException, InterruptedException {
        for (int start = 0; start < MOST_STARTS; start++) {
            Process search = processes.startSearch(
                    "supernet-" + node,
                    config,
                    into,
                    Map.of(
                            "SPARK_HOME",
                            TestProcesses.SPARK_HOME.toString(),
                            "SPARK_LOCAL_IP",
                            "127.0.0.1",
                            "JAVA_HOME",
                            TestProcesses.JAVA_HOME));
            while (search.isAlive() && !Runs.hasUnfinishedRound(into, node)) {
                Thread.sleep(1);
            }
            search.destroyForcibly().waitFor();
            if (Runs.hasUnfinishedRound(into, node)) {
                return;
            }
            assertThat(into.resolve("ranking.csv")).doesNotExist();
        }
        throw new AssertionError("no search was killed in the middle of a round of supernet " + node);
    }

    @Test
    void aSearchResumesWithItsSchemeAlone() {
        assertThat(search(run, "schemes.greedy.pool=11").mistake())
                .contains("holds another search", "schemes.greedy.pool (10 there, 11 now)");
        assertThat(search(run, "training.scheme=uniform").mistake())
                .contains("training.scheme (\"greedy\" there, \"uniform\" now)");
    }

    @Test
    void settingsAndSupernetsThatDoNotSuitASchemeAreRefused() {
        assertRefused(
                "schemes.greedy.candidate=3",
                "schemes.greedy.candidate: there is no such key; did you mean schemes.greedy.candidates?");
        assertRefused(
                "schemes.greedy.trained=5",
                "schemes.greedy.trained: 5 is not accepted; expected a whole number from 1 to 4 (--set ");
        assertRefused("schemes.greedy.images=121", "training.scheme: greedy is not accepted; it is set to judge");
        assertRefused(
                "training.scheme=fairer", "training.scheme: \"fairer\" is not accepted; expected one of balanced");
        assertRefused(
                "training.scheme=fair",
                "training.scheme: fair is not accepted for supernet 0; in the subspace 0,1 a choice can rule out others");
    }

    private static void assertRefused(String override, String reason) {
        assertThat(search(directory.resolve("refused"), override).mistake()).contains(reason);
    }

    /** The warm start ends at once, since a pool that keeps a tenth counts as stable here; the parts go on from there. */
    @Test
    void aTrainingThatEndsEarlyTakesNoMoreStepsAndResumesToTheSameRanking() throws IOException {
        String[] settings = {"schemes.greedy.stop-overlap=0.1", "schemes.greedy.stop-draws=2"};
        Path early = directory.resolve("early");
        search(early, settings).succeeded();

        List<RoundReport> root = Runs.rounds(early, "root");
        assertThat(root).hasSize(2);
        assertThat(root.get(0).metrics().skippedSteps()).isBetween(50L, 80L);
        assertThat(root.get(1).metrics().steps()).isZero();
        assertThat(root.get(1).metrics().toStep()).isEqualTo(180);
        assertThat(Runs.rounds(early, "2"))
                .allMatch(part -> part.round() > 2 || part.metrics().steps() > 0);
        assertThat(Files.readString(early.resolve("report.html")))
                .contains("The training of supernet root ended early, after step "
                        + root.get(0).metrics().lastStep());

        for (String lost : List.of(
                "supernet-1/step-00000120.safetensors", "supernet-1", "supernet-root/step-00000180.safetensors")) {
            Path cut = Runs.copy(early, "cut", "checkpoints/" + lost, "scores.csv", "ranking.csv");
            if (lost.contains("root")) {
                for (int child = 0; child < 3; child++) {
                    FileUtils.deleteDirectory(
                            cut.resolve("checkpoints/supernet-" + child).toFile());
                }
            }
            search(cut, settings).succeeded();

            assertThat(cut.resolve("ranking.csv")).hasSameBinaryContentAs(early.resolve("ranking.csv"));
            assertThat(Runs.rounds(cut))
                    .extracting(report -> report.metrics().steps())
                    .isEqualTo(Runs.rounds(early).stream()
                            .map(report -> report.metrics().steps())
                            .toList());
        }
    }

    @Test
    void aFairSearchTrainsAllOperationsInEachStep() throws IOException {
        Path fair = directory.resolve("fair");

        search(fair, "strategy=fair-nas", "space.groups=[[0, 1, 2, 3]]", "training.scheme=fair", "training.steps=8")
                .succeeded();

        assertThat(Runs.rounds(fair))
                .extracting(report -> report.metrics().subnets())
                .containsExactly(10L, 10L, 10L, 10L);
    }

    /** The teachers are in the checkpoints, and each level of the tree begins as a copy of the one before. */
    @Test
    void aSearchWithTeachersInEverMorePartsResumesToTheSameRanking() throws IOException {
        Path whole = directory.resolve("pi");
        String[] settings = {"training.scheme=pi", "training.steps=16", "space.progressive=true"};
        search(whole, settings).succeeded();
        Path file = whole.resolve("checkpoints/supernet-1.0/step-00000012.safetensors");
        assertThat(Safetensors.read(Files.readAllBytes(file)).tensors()).containsKey("average.stem.conv.weight");

        Path cut = Runs.copy(
                whole, "cut", "checkpoints/supernet-1.0/step-00000016.safetensors", "scores.csv", "ranking.csv");
        search(cut, settings).succeeded();

        assertThat(cut.resolve("ranking.csv")).hasSameBinaryContentAs(whole.resolve("ranking.csv"));
    }

    /** Lost are a round without labels, and one in which the classifier learns, each with what follows. */
    @Test
    void aSearchWithoutLabelsResumesToTheSameRanking() throws IOException {
        Path whole = directory.resolve("label-free");
        String[] settings = {
            "training.scheme=pi",
            "schemes.pi.labels=false",
            "schemes.pi.queue=50",
            "schemes.pi.linear-share=0.25",
            "training.steps=16"
        };
        search(whole, settings).succeeded();
        String supernet = "checkpoints/supernet-1/step-000000";
        assertThat(Safetensors.read(Files.readAllBytes(whole.resolve(supernet + "12.safetensors")))
                        .tensors())
                .containsKeys(
                        "average.stem.conv.weight",
                        "scheme.queue.embeddings",
                        "scheme.head.output.weight",
                        "scheme.momentum.head.output.weight",
                        "scheme.average.head.output.weight");

        for (List<String> lost : List.of(
                List.of(supernet + "16.safetensors"),
                List.of(supernet + "12.safetensors", supernet + "16.safetensors"))) {
            Path cut = Runs.copy(
                    whole,
                    "cut",
                    Stream.concat(lost.stream(), Stream.of("scores.csv", "ranking.csv"))
                            .toArray(String[]::new));
            search(cut, settings).succeeded();

            assertThat(cut.resolve("ranking.csv")).hasSameBinaryContentAs(whole.resolve("ranking.csv"));
        }
    }

    @Test
    void teachersAreAmongTheCosts() {
        assertThat(CommandRun.succeeding("space", "--config", config.toString(), "--set", "training.scheme=pi")
                        .out())
                .contains("pi training: a step also runs 2.00 teachers forward");
    }

    /** Each step trains one subnet, for which two are judged but in the first twentieth. */
    @Test
    void whatIsJudgedIsAmongTheCosts() {
        assertThat(CommandRun.succeeding("space", "--config", config.toString()).out())
                .contains("greedy training: a step also judges 1.90 subnets on 20 validation images")
                .doesNotContain("may end");
        assertThat(CommandRun.succeeding(
                                "space", "--config", config.toString(), "--set", "schemes.greedy.stop-overlap=0.9")
                        .out())
                .contains("greedy training: may end the training of a supernet before it has taken all these steps");
    }
}
