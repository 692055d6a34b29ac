package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.driver.run.RunLease;
import io.efsnas.driver.run.SearchRecord;
import io.efsnas.job.RoundReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A search that the launcher submits to a standalone cluster whose two workers have a GPU each, as Spark sees it. */
@Timeout(600)
class StandaloneClusterIT {

    private static final int ROUNDS = 3;
    private static final Path LOGS = Path.of("target", "standalone-cluster").toAbsolutePath();
    private static final Pattern CONNECTION = Pattern.compile("Adding UDP connection: \\[(\\S+)\\]");

    @TempDir
    private static Path directory;

    private static StandaloneCluster cluster;
    private static Path config;

    /** Of a search on embedded Spark that has ended; no test changes it. */
    private static Path embedded;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        config = TinySearch.settings()
                .withTwoSupernets()
                .withIndependentSupernets()
                .with("supernet.engine", "auto") // so that GPUs choose it
                .with("training.steps", 60) // a round lasts until the other supernet's has begun
                .with("retrain", "{ engine = dl4j, epochs = 1, batch = 32 }")
                .writeTo(directory);
        embedded = directory.resolve("embedded");
        CommandRun.search(config, embedded, "--set", "supernet.engine=vector").succeeded();
        cluster = new StandaloneCluster(directory, LOGS);
        cluster.start(2);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        cluster.stop();
    }

    @Test
    void eachSupernetOfARoundTrainsOnAGpuOfItsOwnAndTheRankingIsThatOfEmbeddedSpark() throws Exception {
        Path onCluster = directory.resolve("on-cluster");

        int status = search("search-vector", onCluster, "supernet.engine=vector");

        assertThat(status).as("see the logs in %s", LOGS).isZero();
        List<RoundReport> rounds = Runs.rounds(onCluster);
        assertThat(rounds).hasSize(2 * ROUNDS);
        Map<String, String> gpuOfExecutor = gpuOfExecutor();
        assertThat(rounds).allSatisfy(report -> assertThat(report.place().device())
                .isEqualTo(gpuOfExecutor.get(report.place().executor())));
        assertThat(devicesByRound(rounds)).hasSize(ROUNDS).allSatisfy((round, devices) -> assertThat(devices)
                .containsExactlyInAnyOrder("gpu:0", "gpu:1"));
        for (RoundReport last : rounds.subList(2 * (ROUNDS - 1), 2 * ROUNDS)) {
            String node = last.metrics().node();
            assertThat("gpu:" + cluster.metric(node, "gpu"))
                    .isEqualTo(last.place().device());
            assertThat(Double.parseDouble(cluster.metric(node, "loss")))
                    .isEqualTo(last.metrics().loss());
        }

        assertThat(onCluster.resolve("ranking.csv")).hasSameBinaryContentAs(embedded.resolve("ranking.csv"));
    }

    @Test
    void gpusMakeNd4jTheEngineAndExecutorsRetrainTheModelThatEmbeddedSparkDoes() throws Exception {
        Path run = directory.resolve("auto");
        Path retrained = directory.resolve("auto-embedded");

        int status = search("search-auto", run, "training.rounds=1", "retrain.enabled=true");

        assertThat(status).as("see the logs in %s", LOGS).isZero();
        assertThat(Runs.rounds(run)).hasSize(2).allSatisfy(round -> {
            assertThat(round.engine()).startsWith("nd4j ");
            assertThat(round.place().device()).startsWith("gpu:");
        });
        assertThat(Files.readAllLines(run.resolve("ranking.csv"))).hasSize(1 + 2 * 4);
        CommandRun.retrain(run, retrained).succeeded();
        assertThat(weights(run)).isEqualTo(weights(retrained));
    }

    @Test
    void executorsAreSentLibtorchWhereItIsWantedAndOneTaskRetrainsTheModelThatEmbeddedSparkDoes() throws Exception {
        Path run = directory.resolve("libtorch");
        Path retrained = directory.resolve("libtorch-embedded");

        Process driver = begin(
                "search-libtorch",
                1,
                Map.of("EFSNAS_LIBTORCH", "1"),
                run,
                "supernet.engine=libtorch",
                "training.rounds=1",
                "retrain.enabled=true",
                "retrain.engine=libtorch");

        assertThat(cluster.end("search-libtorch", driver))
                .as("see the logs in %s", LOGS)
                .isZero();
        assertThat(Runs.rounds(run)).hasSize(2).allSatisfy(round -> assertThat(round.engine())
                .startsWith("libtorch "));
        CommandRun.retrain(run, retrained, "--master", "local[1]").succeeded();
        assertThat(run.resolve("model.safetensors")).hasSameBinaryContentAs(retrained.resolve("model.safetensors"));
        assertThat(cluster.executorLogs()).anyMatch(line -> line.matches(".* retraining begins on gpu:[01]"));
    }

    @Test
    void supernetsShareAGpu() throws Exception {
        Path run = directory.resolve("shared");

        Process driver = begin(
                "search-shared",
                2,
                Map.of(),
                run,
                "supernet.engine=vector",
                "cluster.gpus-per-supernet=0.5",
                "training.rounds=1");

        assertThat(cluster.end("search-shared", driver))
                .as("see the logs in %s", LOGS)
                .isZero();
        List<RoundReport> rounds = Runs.rounds(run);
        assertThat(rounds).hasSize(2).allSatisfy(round -> assertThat(round.deviceShare())
                .isEqualTo(0.5));
        assertThat(rounds.get(0).place().device())
                .startsWith("gpu:")
                .isEqualTo(rounds.get(1).place().device());
        // At the same time: the second task begins before the first one ends.
        assertThat(cluster.executorLog().stream()
                        .filter(line -> line.contains("Executor: Running task") || line.contains("Executor: Finished"))
                        .limit(2))
                .allMatch(line -> line.contains("Running task"));
    }

    private static float[] weights(Path output) throws IOException {
        return ModelSerializer.restoreComputationGraph(
                        output.resolve("model.zip").toFile())
                .params()
                .toFloatVector();
    }

    /** Executors and driver are on one host, where they tell each other by their ports. */
    @Test
    void executorsShareGradientsFromEpochToEpochAndOneThatDiesEndsTheRetrainingInOneLine() throws Exception {
        Path shared = directory.resolve("gradients");
        Path cut = directory.resolve("gradients-cut");

        int status = cluster.submit(
                "retrain-gradients",
                1,
                "retrain",
                "--run-dir",
                embedded.toString(),
                "--output",
                shared.toString(),
                "--set",
                "retrain.mode=gradient-sharing",
                "--set",
                "retrain.epochs=2");

        assertThat(status).as("see the logs in %s", LOGS).isZero();
        List<String> connections = cluster.executorLog().stream()
                .map(CONNECTION::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .toList();
        assertThat(connections)
                .as("of each executor, once, with the driver and both executors")
                .hasSize(6);
        assertThat(connections.stream().distinct()).hasSize(3);
        // Biases begin at 0, and the driver's model has no gradients of its own.
        assertThat(ModelSerializer.restoreComputationGraph(
                                shared.resolve("model.zip").toFile())
                        .getParam("classifier_b")
                        .amaxNumber()
                        .doubleValue())
                .isGreaterThan(1e-4);

        Process driver = cluster.begin(
                "retrain-gradients-cut",
                1,
                "retrain",
                "--run-dir",
                embedded.toString(),
                "--output",
                cut.toString(),
                "--set",
                "retrain.mode=gradient-sharing",
                "--set",
                "retrain.epochs=100000");
        try {
            while (!cut.resolve("retraining/progress.json").toFile().exists()) {
                assertThat(driver.isAlive()).as("see the logs in %s", LOGS).isTrue();
                Thread.sleep(100);
            }
            cluster.executorsOf(1).forEach(ProcessHandle::destroyForcibly);
            assertThat(driver.waitFor(5, TimeUnit.MINUTES)).isTrue();
        } finally {
            driver.destroyForcibly();
        }

        assertThat(driver.exitValue()).isEqualTo(1);
        assertThat(Files.readAllLines(LOGS.resolve("retrain-gradients-cut.log")).stream()
                        .filter(line -> line.startsWith("efsnas: ")))
                .singleElement()
                .asString()
                .as("killed in an epoch or between two")
                .matches("efsnas: retraining by gradient sharing: a worker failed"
                        + "( on 127.0.0.1: ExecutorLostFailure|: its executor at 127.0.0.1:\\d+ is gone).*");
    }

    @Test
    void lossThatIsNoNumberEndsTheSearchInOneLineWithoutAnotherTry() throws Exception {
        int status = search("search-diverged", directory.resolve("diverged"), "training.learning-rate.initial=1e38");

        assertThat(status).isEqualTo(1);
        List<String> log = Files.readAllLines(LOGS.resolve("search-diverged.log"));
        assertThat(log.stream().filter(line -> line.startsWith("efsnas: ")))
                .singleElement()
                .asString()
                .matches(
                        "efsnas: round \\d of 3 of supernet \\d, steps \\d+ to \\d+, failed on \\S+: supernet \\d, step \\d+:"
                                + " the loss is no longer a number; lower training.learning-rate.initial or .*");
        SearchRecord record = Runs.in(directory.resolve("diverged")).requireSearch();
        assertThat(record.state()).isEqualTo(SearchRecord.State.FAILED);
        assertThat(log).contains("efsnas: " + record.failure());
        assertThat(log).anyMatch(line -> line.contains("attempt 1 at round"));
        assertThat(log).noneMatch(line -> line.contains("attempt 2 at round"));
    }

    @Test
    void supernetsThatStallAreReportedAndASecondSigtermEndsTheDriverAtOnce() throws Exception {
        Path run = directory.resolve("stalled");
        Process driver = begin(
                "search-stalled",
                1,
                Map.of(),
                run,
                "supernet.engine=vector",
                "training.steps=1000000",
                "checkpoints.every-steps=50",
                "cluster.stalled-after=15");
        while (run.resolve("checkpoints/supernet-0").toFile().list() == null) {
            assertThat(driver.isAlive()).as("see the logs in %s", LOGS).isTrue();
            Thread.sleep(100);
        }
        List<ProcessHandle> executors = Stream.of(0, 1)
                .flatMap(worker -> cluster.executorsOf(worker).stream())
                .toList();
        try {
            signal("STOP", executors);
            cluster.await(
                    "search-stalled",
                    Pattern.compile(
                            "WARN .* round 1 of 3 of supernet \\d, steps 0 to 333333(, step \\d+,)? on 127.0.0.1 has"
                                    + " made no progress for 15 seconds"));
            do {
                driver.destroy();
            } while (!driver.waitFor(500, TimeUnit.MILLISECONDS));
        } finally {
            driver.destroyForcibly();
            executors.forEach(ProcessHandle::destroyForcibly);
        }

        assertThat(driver.exitValue()).isEqualTo(143);
        assertThat(Files.readAllLines(LOGS.resolve("search-stalled.log")))
                .as("what it says when it gives its executors time to end")
                .noneMatch(line -> line.startsWith("efsnas: "));
        assertThat(run.resolve("lease.json")).exists();
        RunLease.take(Runs.in(run), () -> {}).close();
        assertThat(run.resolve("lease.json")).doesNotExist();
    }

    private static void signal(String name, List<ProcessHandle> processes) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        processes.forEach(process -> command.add(Long.toString(process.pid())));
        assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
    }

    private static int search(String name, Path run, String... settings) throws IOException, InterruptedException {
        return cluster.end(name, begin(name, 1, Map.of(), run, settings));
    }

    private static Process begin(
            String name, int executorCores, Map<String, String> environment, Path run, String... settings)
            throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--config", config.toString(), "--run-dir", run.toString()));
        for (String setting : settings) {
            arguments.addAll(List.of("--set", setting));
        }
        return cluster.begin(name, executorCores, environment, "search", arguments.toArray(String[]::new));
    }

    /** By the directories that the workers made for their executors. */
    private static Map<String, String> gpuOfExecutor() throws IOException {
        Map<String, String> gpus = new HashMap<>();
        for (int worker = 0; worker < 2; worker++) {
            for (String executor : cluster.executors(worker)) {
                gpus.put(executor, "gpu:" + worker);
            }
        }
        return gpus;
    }

    private static Map<Integer, List<String>> devicesByRound(List<RoundReport> rounds) {
        return rounds.stream()
                .collect(Collectors.groupingBy(
                        RoundReport::round,
                        Collectors.mapping(report -> report.place().device(), Collectors.toList())));
    }
}
