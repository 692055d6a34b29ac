package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.driver.run.Timings;
import io.efsnas.job.RoundReport;
import io.efsnas.split.SupernetNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What share of their time devices train, where their steps take a given time. With {@code -Defsnas.test.long=true} it is
 * shown for each strategy that trains supernets with 3, 6 and 64 devices.
 */
class DevicesIT {

    private static final Path LOGS = Path.of("target/it-logs/devices").toAbsolutePath();
    private static final boolean LONG = Boolean.getBoolean("efsnas.test.long");
    private static final int STEP_MILLIS = LONG ? 200 : 20;
    /** Of training, if no device ever waits. */
    private static final int SECONDS = LONG ? 60 : 6;

    private static final List<String> STRATEGIES = List.of(
            "one-shot",
            "efs-nas",
            "efs-nas-independent",
            "efs-nas-shared-parts",
            "few-shot-nas",
            "gm-nas",
            "nas-lid",
            "one-to-few",
            "pi-nas",
            "fair-nas",
            "dynas",
            "greedy-nas");

    @TempDir
    private Path directory;

    private SimulatedCluster cluster;

    @BeforeEach
    void start() throws IOException {
        cluster = new SimulatedCluster(directory, LOGS);
    }

    @AfterEach
    void stop() throws InterruptedException {
        cluster.stop();
    }

    static Stream<Arguments> clusters() {
        return LONG
                ? STRATEGIES.stream()
                        .flatMap(strategy -> Stream.of(3, 6, 64).map(devices -> Arguments.of(strategy, devices)))
                : Stream.of(Arguments.of("efs-nas", 6));
    }

    @ParameterizedTest
    @MethodSource("clusters")
    void workersKeepDevicesBusy(String strategy, int devices) throws Exception {
        Path run = directory.resolve("run");
        int steps = SECONDS * devices * 1000 / STEP_MILLIS / 3;
        Path config = TinySearch.settings()
                .with("strategy", strategy)
                .with("space.groups", "auto")
                .with("supernet.engine", SimulatedEngine.NAME)
                .with("training", "{ steps = %d, workers = auto }".formatted(steps))
                .with("scoring", "{ images = 16, batch = 16, architectures = 4 }")
                .with("ranking.rule", "accuracy")
                .writeTo(directory);
        int executors = devices == 64 ? 2 : 1;

        Process driver =
                cluster.start(strategy + "-" + devices, executors, devices / executors, STEP_MILLIS, config, run);

        assertThat(driver.waitFor()).as("see the logs in %s", LOGS).isZero();
        List<RoundReport> rounds = Runs.rounds(run);
        if (strategy.equals("efs-nas")) {
            assertThat(rounds.stream().filter(round -> round.metrics().node().equals(SupernetNode.ROOT)))
                    .isNotEmpty()
                    .allSatisfy(round -> assertThat(round.workers()).hasSize(devices));
        }
        Timings timings = Runs.in(run).requireSearch().timings();
        System.out.printf(
                "%s on %d devices: training for %.0f s, efficiency %.2f%n",
                strategy,
                devices,
                timings.trainingWallSeconds(),
                timings.trainingSeconds() / (timings.trainingWallSeconds() * timings.slots()));
    }
}
