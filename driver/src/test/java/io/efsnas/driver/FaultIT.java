package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Searches on shards of images, on a standalone cluster whose processes are killed at random moments and whose checkpoints
 * are damaged, until enough has been done to them. Whatever happened, a search that is started again until it ends has the ranking of one
 * that nothing happened to.
 *
 * <p>For longer by hand: {@code -Defsnas.faults=200}, and {@code -Defsnas.faults.seed=2} for other faults. When they
 * come is drawn from the seed; what they hit at that moment also depends on the machine.
 */
class FaultIT {

    private static final int FAULTS = Integer.getInteger("efsnas.faults", 10);
    private static final long SEED = Long.getLong("efsnas.faults.seed", 1);
    private static final int WORKERS = 2;
    private static final int SIGTERM_STATUS = 143;
    private static final int SIGKILL_STATUS = 137;
    private static final Path LOGS = Path.of("target", "faults").toAbsolutePath();
    private static final Pattern UNDER_WAY = Pattern.compile("engine vector");

    private enum Fault {
        EXECUTOR_KILLED,
        WORKER_KILLED,
        DRIVER_KILLED,
        CHECKPOINT_DAMAGED,
        DRIVER_KILLED_AND_CHECKPOINT_DAMAGED,
        DRIVER_TERMINATED
    }

    @TempDir
    private Path directory;

    private final Random random = new Random(SEED);
    private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
    private StandaloneCluster cluster;
    private Path config;
    private int drivers;

    @AfterEach
    void stop() throws InterruptedException {
        cluster.stop();
    }

    @Test
    void rankingIsThatOfASearchThatNothingHappenedTo() throws Exception {
        String shards = directory.resolve("shards").toString();
        List<String> preparing =
                FolderOfImages.write(directory.resolve("images")).preparing(shards);
        CommandRun.succeeding(preparing.toArray(String[]::new));
        TinySearch search = TinySearch.settings()
                .withTwoSupernets()
                .with("training", "{ steps = 1800, rounds = 6 }") // long enough for something to happen
                .with("training", "{ workers = 2, averaging.steps = 20 }") // of the warm start
                .with("scoring.architectures", 40)
                .with("checkpoints.every-steps", 50);
        config = FolderOfImages.on(shards, search).with("data.side", 4).writeTo(directory);
        cluster = new StandaloneCluster(directory, LOGS);
        cluster.start(WORKERS);
        Path undisturbed = directory.resolve("undisturbed");
        CommandRun.search(config, undisturbed).succeeded();

        int searches = 0;
        while (faultsSoFar() < FAULTS) {
            Path run = directory.resolve("run-" + searches++);
            searchWithFaults(run);
            assertThat(run.resolve("ranking.csv"))
                    .as("after %s; see the logs in %s", faults, LOGS)
                    .hasSameBinaryContentAs(undisturbed.resolve("ranking.csv"));
            assertThat(run.resolve("lease.json")).doesNotExist();
        }
        Files.writeString(
                LOGS.resolve("summary.log"), "%d searches, %d drivers, %s%n".formatted(searches, drivers, faults));
    }

    private void searchWithFaults(Path run) throws IOException, InterruptedException {
        Process driver = search(run);
        while (true) {
            long pause = faultsSoFar() < FAULTS ? 500 + random.nextInt(4000) : 300_000;
            if (driver.waitFor(pause, TimeUnit.MILLISECONDS)) {
                if (driver.exitValue() == 0) {
                    return;
                }
                // A supernet's executor was killed as often as Spark tries a task.
                assertThat(driver.exitValue()).as("see the logs in %s", LOGS).isEqualTo(1);
            } else {
                assertThat(faultsSoFar())
                        .as("ends when it is left alone; see %s", LOGS)
                        .isLessThan(FAULTS);
                inflict(draw(), driver, run);
            }
            if (!driver.isAlive()) {
                driver = search(run);
            }
        }
    }

    /** Begins or goes on with a search, and mostly waits until it is under way. */
    private Process search(Path run) throws IOException, InterruptedException {
        String name = "driver-" + drivers++;
        Process driver = cluster.begin(name, 1, "search", "--config", config.toString(), "--run-dir", run.toString());
        if (random.nextInt(5) > 0) {
            cluster.await(name, UNDER_WAY);
        }
        return driver;
    }

    /** Executors are killed as often as all the rest. */
    private Fault draw() {
        Fault[] all = Fault.values();
        return random.nextBoolean() ? Fault.EXECUTOR_KILLED : all[1 + random.nextInt(all.length - 1)];
    }

    private void inflict(Fault fault, Process driver, Path run) throws IOException, InterruptedException {
        int worker = random.nextInt(WORKERS);
        switch (fault) {
            case EXECUTOR_KILLED -> {
                List<ProcessHandle> executors = cluster.executorsOf(worker);
                if (executors.isEmpty()) {
                    return;
                }
                executors.forEach(ProcessHandle::destroyForcibly);
            }
            case WORKER_KILLED -> cluster.replaceWorker(worker);
            case DRIVER_KILLED -> end(driver.destroyForcibly(), SIGKILL_STATUS);
            case CHECKPOINT_DAMAGED -> damageNewestCheckpoint(run);
            case DRIVER_KILLED_AND_CHECKPOINT_DAMAGED -> {
                end(driver.destroyForcibly(), SIGKILL_STATUS);
                damageNewestCheckpoint(run);
            }
            case DRIVER_TERMINATED -> {
                driver.destroy();
                end(driver, SIGTERM_STATUS);
            }
        }
        faults.merge(fault, 1, Integer::sum);
    }

    private static void end(Process driver, int status) throws InterruptedException {
        assertThat(driver.waitFor(2, TimeUnit.MINUTES))
                .as("the driver has ended")
                .isTrue();
        assertThat(driver.exitValue()).as("see the logs in %s", LOGS).isEqualTo(status);
    }

    /** Of one of the supernets, or of the one that they come of while that has none. */
    private void damageNewestCheckpoint(Path run) throws IOException {
        Path checkpoints = run.resolve("checkpoints");
        Optional<Path> newest = newest(checkpoints.resolve("supernet-" + random.nextInt(2)))
                .or(() -> newest(checkpoints.resolve("supernet-root")));
        if (newest.isPresent()) {
            try {
                byte[] bytes = Files.readAllBytes(newest.get());
                if (random.nextBoolean()) {
                    bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
                } else {
                    bytes[random.nextInt(bytes.length)] ^= 1;
                }
                Files.write(newest.get(), bytes);
            } catch (NoSuchFileException e) {
                // Its round has just ended.
            }
        }
    }

    private static Optional<Path> newest(Path supernet) {
        return Stream.ofNullable(supernet.toFile().list())
                .flatMap(Arrays::stream)
                .filter(name -> name.endsWith(".safetensors"))
                .max(Comparator.comparing(name -> name.replaceAll("\\D", "")))
                .map(supernet::resolve);
    }

    private int faultsSoFar() {
        return faults.values().stream().mapToInt(Integer::intValue).sum();
    }
}
