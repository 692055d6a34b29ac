package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.driver.run.NodeRecord;
import io.efsnas.job.RoundReport;
import io.efsnas.job.WorkerReport;
import io.efsnas.storage.ObjectStore;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.commons.io.filefilter.HiddenFileFilter;
import org.apache.commons.io.filefilter.TrueFileFilter;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole searches on embedded Spark whose supernets are trained by several workers. */
class WorkersIT {

    private static final String WORKERS = "training.workers=6";

    @TempDir
    private static Path directory;

    private static Path config;
    private static Path undisturbed;

    @BeforeAll
    static void search() throws IOException {
        config = TinySearch.settings()
                .with("training", "{ steps = 24, rounds = 4, averaging.steps = 2 }")
                .with("ranking.rule", "accuracy")
                .writeTo(directory);
        undisturbed = directory.resolve("undisturbed");
        search(undisturbed);
    }

    private static void search(Path run, String... further) {
        CommandRun.search(
                        config,
                        run,
                        Stream.concat(Stream.of("--set", WORKERS), Stream.of(further))
                                .toArray(String[]::new))
                .succeeded();
    }

    private static List<Integer> workers(Path run) {
        return Runs.in(run).requireSearch().tree().stream()
                .map(NodeRecord::workers)
                .toList();
    }

    @Test
    void supernetsOfAPhaseShareTheWorkersAndTakeAsManyStepsAsOneWorkerWould() {
        List<RoundReport> rounds = Runs.rounds(undisturbed);

        assertThat(workers(undisturbed)).containsExactly(6, 2, 2, 2);
        assertThat(rounds).hasSize(2 + 2 * 3).allSatisfy(report -> {
            long steps = report.metrics().toStep() - report.metrics().fromStep();
            assertThat(report.metrics().subnets()).isEqualTo(steps);
            assertThat(report.metrics().images()).isEqualTo(16 * steps);
            assertThat(report.workers().stream().mapToLong(WorkerReport::steps)).satisfies(taken -> assertThat(
                            taken.stream().mapToLong(Long::longValue).sum())
                    .isEqualTo(steps));
            assertThat(report.workers().stream().map(WorkerReport::worker).distinct())
                    .hasSize(report.metrics().node().equals("root") ? 6 : 2);
        });
    }

    /** What schemes keep in supernets, and parts that supernets share, are averaged as well. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "training.scheme=balanced",
                "training.scheme=pi",
                "training.scheme=dynamic",
                "training.sharing.mode=shared-parts"
            })
    void numberOfTasksAtATimeDecidesNothing(String setting) throws IOException {
        Path one = directory.resolve(setting + "-one");
        Path two = directory.resolve(setting + "-two");

        search(one, "--master", "local[1]", "--set", setting);
        search(two, "--master", "local[2]", "--set", setting);

        assertThat(one.resolve("ranking.csv")).hasSameBinaryContentAs(two.resolve("ranking.csv"));
        assertThat(workers(one)).last().isEqualTo(2);
    }

    /** Killed after the first averaging of a round, if a file of the second half of it is damaged or not. */
    @ParameterizedTest
    @ValueSource(strings = {"mean-00000009-0-of-1.safetensors", "mean-00000015-0-of-1.safetensors"})
    void searchThatWasKilledWithinARoundTakesOnlyTheStepsSinceTheAveragingAgain(String newest) throws IOException {
        Path run = directory.resolve("killed");
        Path cut = directory.resolve("cut");
        FileUtils.deleteDirectory(run.toFile());
        AtomicBoolean done = new AtomicBoolean();
        onObjectStore(run, opened -> {
            if (opened.getName().equals(newest) && !done.getAndSet(true)) {
                copy(run, cut);
            }
        });

        search(cut);

        assertThat(done).isTrue();
        assertThat(cut.resolve("ranking.csv")).hasSameBinaryContentAs(undisturbed.resolve("ranking.csv"));
        RoundReport resumed = Runs.rounds(cut).stream()
                .filter(report -> report.metrics().fromStep() < stepOf(newest)
                        && report.metrics().toStep() > stepOf(newest)
                        && report.workers().stream()
                                        .mapToLong(WorkerReport::steps)
                                        .sum()
                                == report.metrics().toStep() - stepOf(newest))
                .findFirst()
                .orElseThrow();
        assertThat(resumed.metrics().images())
                .isEqualTo(16 * (resumed.metrics().toStep() - resumed.metrics().fromStep()));
    }

    /** As when a search is killed after the checkpoint of a round, and before its report. */
    @Test
    void roundOfWhichOnlyTheReportIsMissingIsNotTrainedAgain() throws IOException {
        Path cut = Runs.copy(undisturbed, "unreported", "rounds.json", "ranking.csv");

        search(cut);

        assertThat(cut.resolve("ranking.csv")).hasSameBinaryContentAs(undisturbed.resolve("ranking.csv"));
        assertThat(Runs.rounds(cut)).hasSize(3).allSatisfy(report -> {
            assertThat(report.metrics().toStep()).isEqualTo(24);
            assertThat(report.metrics().images()).isEqualTo(16 * 6);
            assertThat(report.workers()).isEmpty();
        });
    }

    private static long stepOf(String file) {
        return Long.parseLong(file.substring("mean-".length(), "mean-00000009".length()));
    }

    @Test
    void meanThatIsDamagedWhileTheSearchRunsIsMadeAgain() throws IOException {
        Path run = directory.resolve("damaged");
        AtomicBoolean done = new AtomicBoolean();
        onObjectStore(run, opened -> {
            if (opened.getName().startsWith("mean-00000027") && !done.getAndSet(true)) {
                truncate(run.resolve("checkpoints/supernet-root").resolve(opened.getName()));
            }
        });

        assertThat(done).isTrue();
        assertThat(run.resolve("ranking.csv")).hasSameBinaryContentAs(undisturbed.resolve("ranking.csv"));
    }

    private static void onObjectStore(Path run, Consumer<org.apache.hadoop.fs.Path> opening) {
        ObjectStore.opening = opening;
        ObjectStore.configure((name, value) -> System.setProperty("spark.hadoop." + name, value));
        try {
            CommandRun.search(config, "store://" + run, "--set", WORKERS).succeeded();
        } finally {
            ObjectStore.opening = opened -> {};
            ObjectStore.configure((name, value) -> System.clearProperty("spark.hadoop." + name));
        }
    }

    /** Other supernets go on meanwhile: what they are writing is not copied, nor what they have just removed. */
    private static void copy(Path run, Path to) {
        try {
            FileUtils.deleteDirectory(to.toFile());
            for (Path file : written(run)) {
                Path copy = to.resolve(run.relativize(file));
                Files.createDirectories(copy.getParent());
                try {
                    Files.copy(file, copy);
                } catch (NoSuchFileException e) {
                    // Its round has just ended.
                }
            }
            FileUtils.forceDelete(to.resolve("lease.json").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> written(Path run) {
        return FileUtils.listFiles(run.toFile(), HiddenFileFilter.VISIBLE, TrueFileFilter.TRUE).stream()
                .map(File::toPath)
                .toList();
    }

    private static void truncate(Path file) {
        try {
            Files.write(file, new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void checkpointsWithinRoundsGoWhenTheirRoundsEnd() throws IOException {
        try (Stream<Path> files = Files.walk(undisturbed.resolve("checkpoints"))) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString()))
                    .isNotEmpty()
                    .allMatch(name -> name.startsWith("step-"));
        }
    }
}
