package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.efsnas.checkpoint.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

    private static final String SETTINGS =
            """
            seed = 7
            space.groups = [[0, 1], [2], [3]]
            data {
              train = ["%s"]
              train-share = 0.6
              validation-share = 0.2
              limit = 600
            }
            supernet { engine = vector, channels = 2, cells = 1 }
            training { steps = 400, rounds = 4, batch = 16, scheme = greedy }
            schemes.greedy { candidates = 4, trained = 2, images = 20, uniform-until = 0.05, pool = 10, pool-age = 20 }
            scoring { batch = 50, images = 100, architectures = 4 }
            ranking.rule = accuracy
            checkpoints { keep = 3, every-steps = 5 }
            """
                    .formatted(Path.of("../conf/data/fashion-mnist/t10k-images-idx3-ubyte.gz")
                            .toAbsolutePath()
                            .normalize());

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
        config = Files.writeString(directory.resolve("tiny.conf"), SETTINGS);
        run = directory.resolve("run");
        processes = new TestProcesses(directory, Path.of("target", "scheme"));
        search(run);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        processes.stop();
    }

    private static String[] command(Path into, String... overrides) {
        List<String> words = new ArrayList<>(
                List.of("search", "--master", "local[2]", "--config", config.toString(), "--run-dir", into.toString()));
        Stream.of(overrides).forEach(override -> words.addAll(List.of("--set", override)));
        return words.toArray(String[]::new);
    }

    private static void search(Path into, String... overrides) {
        CommandRun.succeeding(command(into, overrides));
    }

    @Test
    void checkpointsKeepThePoolOfEachSupernet() throws IOException {
        for (String checkpoint : List.of("supernet-root/step-00000600", "supernet-1/step-00000400")) {
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
            strings = {
                "supernet-root/step-00000600",
                "supernet-2",
                "supernet-0/step-00000400",
                "supernet-1/step-00000400"
            })
    void aSearchThatWasCutBetweenRoundsEndsWithTheSameRanking(String lost) throws IOException {
        Path cut = directory.resolve("cut");
        FileUtils.deleteDirectory(cut.toFile());
        FileUtils.copyDirectory(run.toFile(), cut.toFile());
        Path checkpoints = cut.resolve("checkpoints");
        if (lost.contains("/")) {
            Files.delete(checkpoints.resolve(lost + ".safetensors"));
        } else {
            FileUtils.deleteDirectory(checkpoints.resolve(lost).toFile());
        }
        if (lost.contains("root")) { // nothing of its children either
            for (int child = 0; child < 3; child++) {
                FileUtils.deleteDirectory(
                        checkpoints.resolve("supernet-" + child).toFile());
            }
        }
        Files.delete(cut.resolve("scores.csv"));
        Files.delete(cut.resolve("ranking.csv"));

        search(cut);

        assertThat(cut.resolve("ranking.csv")).hasSameBinaryContentAs(run.resolve("ranking.csv"));
    }

    @Test
    void aSearchThatWasKilledInTheMiddleOfRoundsEndsWithTheSameRanking() throws IOException, InterruptedException {
        Path killed = directory.resolve("killed");

        killWithin(killed, "supernet-root");
        killWithin(killed, "supernet-1");
        search(killed);

        assertThat(killed.resolve("ranking.csv")).hasSameBinaryContentAs(run.resolve("ranking.csv"));
    }

    /** Starts a search and kills its process once a supernet has written a checkpoint in the middle of a round. */
    private static void killWithin(Path into, String supernet) throws IOException, InterruptedException {
        Path checkpoints = into.resolve("checkpoints").resolve(supernet);
        for (int start = 0; start < MOST_STARTS; start++) {
            List<String> words = new ArrayList<>(List.of(TestProcesses.LAUNCHER));
            words.addAll(List.of(command(into)));
            Process search = processes.start(
                    supernet,
                    words,
                    Map.of(
                            "SPARK_HOME",
                            TestProcesses.SPARK_HOME.toString(),
                            "SPARK_LOCAL_IP",
                            "127.0.0.1",
                            "JAVA_HOME",
                            TestProcesses.JAVA_HOME));
            while (search.isAlive() && !hasUnfinished(checkpoints)) {
                Thread.sleep(1);
            }
            search.destroyForcibly().waitFor();
            if (hasUnfinished(checkpoints)) {
                return;
            }
            assertThat(into.resolve("ranking.csv")).doesNotExist();
        }
        throw new AssertionError("no search was killed in the middle of a round of " + supernet);
    }

    private static boolean hasUnfinished(Path checkpoints) {
        return Stream.ofNullable(checkpoints.toFile().list())
                .flatMap(Stream::of)
                .anyMatch(name -> name.startsWith("unfinished-") && name.endsWith(".safetensors"));
    }

    @Test
    void aSearchResumesWithItsSchemeAlone() {
        assertThat(CommandRun.of(command(run, "schemes.greedy.pool=11")).mistake())
                .contains("holds another search", "schemes.greedy.pool (10 there, 11 now)");
        assertThat(CommandRun.of(command(run, "training.scheme=uniform")).mistake())
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
        assertThat(CommandRun.of(command(directory.resolve("refused"), override))
                        .mistake())
                .contains(reason);
    }

    @Test
    void aFairSearchTrainsAllOperationsInEachStep() throws IOException {
        Path fair = directory.resolve("fair");

        search(fair, "strategy=fair-nas", "space.groups=[[0, 1, 2, 3]]", "training.scheme=fair", "training.steps=8");

        List<Integer> subnets = new ArrayList<>();
        JsonNode rounds = new ObjectMapper().readTree(Files.readAllBytes(fair.resolve("rounds.json")));
        rounds.forEach(report -> subnets.add(report.at("/metrics/subnets").asInt()));
        assertThat(subnets).containsExactly(10, 10, 10, 10);
    }

    /** Each step trains one subnet, for which two are judged but in the first twentieth. */
    @Test
    void whatIsJudgedIsAmongTheCosts() {
        assertThat(CommandRun.succeeding("space", "--config", config.toString()).out())
                .contains("greedy training: a step also judges 1.90 subnets on 20 validation images");
    }
}
