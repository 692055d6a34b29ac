package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.efsnas.storage.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.commons.lang3.ArrayUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole searches on embedded Spark in which supernets have something in common. */
class SharingIT {

    private static final List<String> MODES = List.of("warm-start", "shared-parts");
    private static final List<String> ALL_MODES = List.of("independent", "warm-start", "shared-parts");

    @TempDir
    private static Path directory;

    private static Path config;

    @BeforeAll
    static void searches() throws IOException {
        config = TinySearch.settings()
                .withWholeImages() // of which the values of accuraciesAndLossesAreWhatTheyWere are
                .with("training", "{ steps = 8, rounds = 4, subnets-per-step = 2 }")
                .with("ranking.rule", "accuracy")
                .writeTo(directory);
        for (String mode : ALL_MODES) {
            search(mode, run(mode).toString());
        }
    }

    /** Of a search that has ended; no test changes it. */
    private static Path run(String mode) {
        return directory.resolve(mode);
    }

    private static void search(String mode, String run, String... further) {
        CommandRun.search(config, run, ArrayUtils.addAll(further, "--set", "training.sharing.mode=" + mode))
                .succeeded();
    }

    /** Supernet, round and steps of each report, and how much was trained. */
    private static List<String> rounds(Path run) {
        return Runs.rounds(run).stream()
                .map(report -> "supernet %s round %d: steps %d to %d, %d images, %d subnets"
                        .formatted(
                                report.metrics().node(),
                                report.round(),
                                report.metrics().fromStep(),
                                report.metrics().toStep(),
                                report.metrics().images(),
                                report.metrics().subnets()))
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
        Stream<String> checkpoints = lost.stream()
                .map(each -> "checkpoints/" + each)
                .map(each -> each.contains("/step-") ? each + ".safetensors" : each);
        Path cut = Runs.copy(
                run(mode),
                "cut",
                Stream.concat(checkpoints, Stream.of("ranking.csv")).toArray(String[]::new));

        search(mode, cut.toString());

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
            search("shared-parts", "store://" + damaged);
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

            search(mode, oneAtATime.toString(), "--master", "local[1]");

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

        assertThat(Runs.in(run(mode)).requireSearch().engine().name()).isEqualTo("vector");
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
