package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.efsnas.storage.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole searches on embedded Spark in which supernets have something in common. */
class SharingIT {

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
            training { steps = 8, rounds = 4, subnets-per-step = 2, batch = 16 }
            scoring { batch = 50, images = 100, architectures = 4 }
            ranking.rule = accuracy
            """
                    .formatted(Path.of("../conf/data/fashion-mnist/t10k-images-idx3-ubyte.gz")
                            .toAbsolutePath()
                            .normalize());
    private static final List<String> MODES = List.of("warm-start", "shared-parts");
    private static final List<String> ALL_MODES = List.of("independent", "warm-start", "shared-parts");

    @TempDir
    private static Path directory;

    private static Path config;

    @BeforeAll
    static void searches() throws IOException {
        config = Files.writeString(directory.resolve("tiny.conf"), SETTINGS);
        for (String mode : ALL_MODES) {
            search(mode, run(mode), "local[2]");
        }
    }

    /** Of a search that has ended; no test changes it. */
    private static Path run(String mode) {
        return directory.resolve(mode);
    }

    private static void search(String mode, Path run, String master) {
        search(mode, run.toString(), master);
    }

    private static void search(String mode, String run, String master) {
        CommandRun.succeeding(
                "search",
                "--master",
                master,
                "--config",
                config.toString(),
                "--run-dir",
                run,
                "--set",
                "training.sharing.mode=" + mode);
    }

    /** Supernet, round and steps of each report, and how much was trained. */
    private static List<String> rounds(Path run) throws IOException {
        List<JsonNode> reports = new ArrayList<>();
        new ObjectMapper()
                .readTree(Files.readAllBytes(run.resolve("rounds.json")))
                .forEach(reports::add);
        return reports.stream()
                .sorted(Comparator.comparingInt(
                                (JsonNode report) -> report.path("round").asInt())
                        .thenComparing(report -> report.at("/metrics/node").asText()))
                .map(report -> "supernet %s round %s: steps %s to %s, %s images, %s subnets"
                        .formatted(
                                report.at("/metrics/node").asText(),
                                report.path("round"),
                                report.at("/metrics/fromStep"),
                                report.at("/metrics/toStep"),
                                report.at("/metrics/images"),
                                report.at("/metrics/subnets")))
                .toList();
    }

    @Test
    void oneSupernetWarmsUpAllWithinTheSameNumberOfSubnets() throws IOException {
        assertThat(rounds(run("warm-start")))
                .containsExactly(
                        "supernet root round 0: steps 0 to 6, 96 images, 12 subnets",
                        "supernet root round 1: steps 6 to 12, 96 images, 12 subnets",
                        "supernet 0 round 2: steps 4 to 6, 32 images, 4 subnets",
                        "supernet 1 round 2: steps 4 to 6, 32 images, 4 subnets",
                        "supernet 2 round 2: steps 4 to 6, 32 images, 4 subnets",
                        "supernet 0 round 3: steps 6 to 8, 32 images, 4 subnets",
                        "supernet 1 round 3: steps 6 to 8, 32 images, 4 subnets",
                        "supernet 2 round 3: steps 6 to 8, 32 images, 4 subnets");
    }

    static Stream<Arguments> cuts() {
        return Stream.of(
                arguments(
                        "warm-start", List.of("supernet-root/step-00000012", "supernet-0", "supernet-1", "supernet-2")),
                arguments("warm-start", List.of("supernet-0", "supernet-1", "supernet-2")),
                arguments("warm-start", List.of("supernet-1")),
                arguments("warm-start", List.of("supernet-root", "supernet-2/step-00000008")),
                arguments("shared-parts", List.of("supernet-1/step-00000008")),
                arguments("shared-parts", List.of("supernet-0/step-00000008", "supernet-2/step-00000008")));
    }

    @ParameterizedTest
    @MethodSource("cuts")
    void searchThatWasCutShortGoesOnToTheSameRanking(String mode, List<String> lost) throws IOException {
        Path cut = directory.resolve("cut");
        FileUtils.deleteDirectory(cut.toFile());
        FileUtils.copyDirectory(run(mode).toFile(), cut.toFile());
        for (String each : lost) {
            Path checkpoint = cut.resolve("checkpoints").resolve(each);
            FileUtils.forceDelete(
                    Files.isDirectory(checkpoint)
                            ? checkpoint.toFile()
                            : checkpoint
                                    .resolveSibling(checkpoint.getFileName() + ".safetensors")
                                    .toFile());
        }
        Files.delete(cut.resolve("ranking.csv"));

        search(mode, cut, "local[2]");

        assertThat(cut.resolve("ranking.csv")).hasSameBinaryContentAs(run(mode).resolve("ranking.csv"));
        assertThat(rounds(cut)).isEqualTo(rounds(run(mode)));
    }

    /** When all supernets begin the next round with it, on an object store. */
    @Test
    void checkpointThatIsDamagedWhileTheSearchRunsIsMadeAgain() throws IOException {
        Path damaged = directory.resolve("damaged");
        Path checkpoint = damaged.resolve("checkpoints/supernet-1/step-00000004.safetensors");
        AtomicBoolean done = new AtomicBoolean();
        ObjectStore.opening = opened -> {
            if (opened.getName().equals(checkpoint.getFileName().toString()) && !done.getAndSet(true)) {
                truncate(checkpoint);
            }
        };
        ObjectStore.configure((name, value) -> System.setProperty("spark.hadoop." + name, value));
        try {
            search("shared-parts", "store://" + damaged, "local[2]");
        } finally {
            ObjectStore.opening = opened -> {};
            ObjectStore.configure((name, value) -> System.clearProperty("spark.hadoop." + name));
        }

        assertThat(done).isTrue();
        assertThat(damaged.resolve("ranking.csv"))
                .hasSameBinaryContentAs(run("shared-parts").resolve("ranking.csv"));
        assertThat(rounds(damaged)).isEqualTo(rounds(run("shared-parts")));
    }

    private static void truncate(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(1000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theOrderInWhichSupernetsTrainChangesNothing() throws IOException {
        for (String mode : MODES) {
            Path oneAtATime = directory.resolve(mode + "-one-at-a-time");

            search(mode, oneAtATime, "local[1]");

            assertThat(oneAtATime.resolve("ranking.csv"))
                    .hasSameBinaryContentAs(run(mode).resolve("ranking.csv"));
        }
    }

    @Test
    void everyModeRanksInItsOwnWay() throws IOException {
        assertThat(ALL_MODES.stream()
                        .map(mode -> run(mode).resolve("ranking.csv"))
                        .map(SharingIT::text))
                .doesNotHaveDuplicates();
    }

    /**
     * So that nobody changes results without knowing. The values are those of commit 7f5d1ca, of the engine {@code vector},
     * which adds in the same order on every processor and so has the same bits on all of them.
     */
    @ParameterizedTest
    @ValueSource(strings = {"independent", "warm-start", "shared-parts"})
    void accuraciesAndLossesAreWhatTheyWere(String mode) throws IOException, URISyntaxException {
        List<String> expected = Files.readAllLines(
                        Path.of(SharingIT.class.getResource("sharing.csv").toURI()))
                .stream()
                .filter(line -> line.startsWith(mode + ","))
                .map(line -> line.substring(mode.length() + 1))
                .toList();

        assertThat(new ObjectMapper()
                        .readTree(run(mode).resolve("search.json").toFile())
                        .at("/engine/name")
                        .asText())
                .isEqualTo("vector");
        assertThat(Csv.ranking(run(mode)).stream()
                        .map(row -> row.get("architecture") + "," + row.get("accuracy") + "," + row.get("loss")))
                .containsExactlyInAnyOrderElementsOf(expected)
                .hasSize(12);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
