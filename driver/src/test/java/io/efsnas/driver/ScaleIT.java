package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A search on 256 devices that compute nothing, to see what the driver itself takes. With {@code -Defsnas.test.long=true} it
 * has 256 supernets and a million subnets.
 */
class ScaleIT {

    private static final Path LOGS = Path.of("target/it-logs/scale").toAbsolutePath();
    private static final boolean LONG = Boolean.getBoolean("efsnas.test.long");
    private static final int SUPERNETS = LONG ? 256 : 8;
    private static final int ROUNDS = LONG ? 100 : 4;
    /** Of each supernet. */
    private static final int SCORED = LONG ? 4000 : 100;

    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

    @TempDir
    private Path directory;

    private SimulatedCluster cluster;

    @AfterEach
    void stop() throws InterruptedException {
        cluster.stop();
    }

    @Test
    void theDriverOfManySupernetsNeedsLittle() throws Exception {
        cluster = new SimulatedCluster(directory, LOGS);
        Path run = directory.resolve("run");
        Path config = TinySearch.settings()
                .withIndependentSupernets()
                .with("space", "{ name = wide, groups = auto, splitter = edge }")
                .with("splitters.edge.position", LONG ? 0 : 1)
                .with("supernet.engine", SimulatedEngine.NAME)
                .with("training", "{ steps = %d, rounds = %<d }".formatted(ROUNDS))
                .with("scoring", "{ images = 16, batch = 16, architectures = %d }".formatted(SCORED))
                .with("ranking.rule", "accuracy")
                .writeTo(directory);

        long begun = System.nanoTime();
        Process driver = cluster.start("driver", 2, 128, 20, config, run);
        long peak = 0;
        double seconds = 0;
        while (driver.isAlive()) {
            peak = Math.max(peak, peakMegabytes(driver.pid()));
            seconds = driver.info()
                    .totalCpuDuration()
                    .map(duration -> duration.toMillis() / 1e3)
                    .orElse(seconds);
            Thread.sleep(200);
        }

        assertThat(driver.exitValue()).as("see the logs in %s", LOGS).isZero();
        assertThat(Runs.rounds(run)).hasSize(SUPERNETS * ROUNDS);
        assertThat(Files.readAllLines(run.resolve("ranking.csv"))).hasSize(1 + SUPERNETS * SCORED);
        System.out.printf(
                "%d rounds of %d supernets, %d subnets of each: %.0f s, %.0f s of the driver's processor time, %d MB%n",
                ROUNDS, SUPERNETS, SCORED, (System.nanoTime() - begun) / 1e9, seconds, peak);
    }

    private static long peakMegabytes(long pid) {
        try (Stream<String> status = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return status.map(PEAK::matcher)
                    .filter(matcher -> matcher.matches())
                    .mapToLong(matcher -> Long.parseLong(matcher.group(1)) / 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | UncheckedIOException e) {
            return 0; // it has just ended
        }
    }
}
