package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.run.RunLease;
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
import org.apache.hadoop.conf.Configuration;
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
    private static final String SETTINGS =
            """
            space.groups = [[0, 1, 2], [3]]
            network { channels = 2, cells = 1 }
            data {
              train = ["%s"]
              train-share = 0.6
              validation-share = 0.2
              limit = 600
            }
            supernet { channels = 2, cells = 1 }
            training { steps = 6, rounds = 3, batch = 16, sharing.mode = independent }
            scoring { batch = 50, images = 100, architectures = 4 }
            retrain { epochs = 1, batch = 32 }
            """
                    .formatted(Path.of("../conf/data/fashion-mnist/t10k-images-idx3-ubyte.gz")
                            .toAbsolutePath()
                            .normalize());

    @TempDir
    private static Path directory;

    private static StandaloneCluster cluster;
    private static String config;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        config = Files.writeString(directory.resolve("tiny.conf"), SETTINGS).toString();
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
        Path embedded = directory.resolve("embedded");

        int status = search("search-vector", onCluster, "supernet.engine=vector");

        assertThat(status).as("see the logs in %s", LOGS).isZero();
        List<JsonNode> rounds = rounds(onCluster);
        assertThat(rounds).hasSize(2 * ROUNDS);
        Map<String, String> gpuOfExecutor = gpuOfExecutor();
        assertThat(rounds).allSatisfy(round -> assertThat(device(round))
                .isEqualTo(gpuOfExecutor.get(round.at("/place/executor").asText())));
        assertThat(devicesByRound(rounds)).hasSize(ROUNDS).allSatisfy((round, devices) -> assertThat(devices)
                .containsExactlyInAnyOrder("gpu:0", "gpu:1"));
        for (JsonNode round : rounds) {
            if (round.path("round").asInt() < ROUNDS - 1) {
                continue;
            }
            String node = round.at("/metrics/node").asText();
            assertThat("gpu:" + cluster.metric(node, "gpu")).isEqualTo(device(round));
            assertThat(cluster.metric(node, "loss"))
                    .isEqualTo(round.at("/metrics/loss").asText());
        }

        CommandRun.succeeding(
                "search",
                "--master",
                "local[2]",
                "--config",
                config,
                "--run-dir",
                embedded.toString(),
                "--set",
                "supernet.engine=vector");
        assertThat(onCluster.resolve("ranking.csv")).hasSameBinaryContentAs(embedded.resolve("ranking.csv"));
    }

    @Test
    void gpusMakeNd4jTheEngine() throws Exception {
        Path run = directory.resolve("auto");

        int status = search("search-auto", run, "training.rounds=1");

        assertThat(status).as("see the logs in %s", LOGS).isZero();
        assertThat(rounds(run)).hasSize(2).allSatisfy(round -> {
            assertThat(round.path("engine").asText()).startsWith("nd4j ");
            assertThat(device(round)).startsWith("gpu:");
        });
        assertThat(Files.readAllLines(run.resolve("ranking.csv"))).hasSize(1 + 2 * 4);
    }

    @Test
    void executorsAreSentLibtorchWhereItIsWanted() throws Exception {
        Path run = directory.resolve("libtorch");

        Process driver = cluster.begin(
                "search-libtorch",
                1,
                Map.of("EFSNAS_LIBTORCH", "1"),
                "search",
                "--config",
                config,
                "--run-dir",
                run.toString(),
                "--set",
                "supernet.engine=libtorch",
                "--set",
                "training.rounds=1");

        assertThat(cluster.end("search-libtorch", driver))
                .as("see the logs in %s", LOGS)
                .isZero();
        assertThat(rounds(run))
                .hasSize(2)
                .allSatisfy(round -> assertThat(round.path("engine").asText()).startsWith("libtorch "));

        assertThatOneTaskRetrainsTheModelThatEmbeddedSparkDoes(run);
    }

    private static void assertThatOneTaskRetrainsTheModelThatEmbeddedSparkDoes(Path run) throws Exception {
        Path embedded = directory.resolve("libtorch-embedded");

        Process driver = cluster.begin(
                "retrain-libtorch",
                1,
                Map.of("EFSNAS_LIBTORCH", "1"),
                "retrain",
                "--run-dir",
                run.toString(),
                "--set",
                "retrain.engine=libtorch");

        assertThat(cluster.end("retrain-libtorch", driver))
                .as("see the logs in %s", LOGS)
                .isZero();
        CommandRun.succeeding(
                "retrain",
                "--master",
                "local[1]",
                "--run-dir",
                run.toString(),
                "--output",
                embedded.toString(),
                "--set",
                "retrain.engine=libtorch");
        assertThat(run.resolve("model.safetensors")).hasSameBinaryContentAs(embedded.resolve("model.safetensors"));
        assertThat(cluster.executorLogs()).anyMatch(line -> line.matches(".* retraining begins on gpu:[01]"));
    }

    @Test
    void supernetsShareAGpu() throws Exception {
        Path run = directory.resolve("shared");

        int status = cluster.submit(
                "search-shared",
                2,
                "search",
                "--config",
                config,
                "--run-dir",
                run.toString(),
                "--set",
                "supernet.engine=vector",
                "--set",
                "cluster.gpus-per-supernet=0.5",
                "--set",
                "training.rounds=1");

        assertThat(status).as("see the logs in %s", LOGS).isZero();
        List<JsonNode> rounds = rounds(run);
        assertThat(rounds).hasSize(2).allSatisfy(round -> assertThat(
                        round.path("deviceShare").asDouble())
                .isEqualTo(0.5));
        assertThat(device(rounds.get(0))).startsWith("gpu:").isEqualTo(device(rounds.get(1)));
        // At the same time: the second task begins before the first one ends.
        assertThat(cluster.executorLog().stream()
                        .filter(line -> line.contains("Executor: Running task") || line.contains("Executor: Finished"))
                        .limit(2))
                .allMatch(line -> line.contains("Running task"));
    }

    @Test
    void executorsRetrainTheModelThatEmbeddedSparkDoes() throws Exception {
        Path run = directory.resolve("retrained");
        Path embedded = directory.resolve("retrained-embedded");
        assertThat(search("search-retrained", run, "training.rounds=1")).isZero();

        int status = cluster.submit("retrain", 1, "retrain", "--run-dir", run.toString());

        assertThat(status).as("see the logs in %s", LOGS).isZero();
        CommandRun.succeeding(
                "retrain", "--master", "local[2]", "--run-dir", run.toString(), "--output", embedded.toString());
        assertThat(weights(run)).isEqualTo(weights(embedded));
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
        Path run = directory.resolve("gradients");
        Path cut = directory.resolve("gradients-cut");
        assertThat(search("search-gradients", run, "training.rounds=1")).isZero();

        int status = cluster.submit(
                "retrain-gradients",
                1,
                "retrain",
                "--run-dir",
                run.toString(),
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
                                run.resolve("model.zip").toFile())
                        .getParam("classifier_b")
                        .amaxNumber()
                        .doubleValue())
                .isGreaterThan(1e-4);

        Process driver = cluster.begin(
                "retrain-gradients-cut",
                1,
                "retrain",
                "--run-dir",
                run.toString(),
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
                        "efsnas: round \\d of 3 of supernet \\d, steps \\d to \\d, failed on \\S+: supernet \\d, step \\d:"
                                + " the loss is no longer a number; lower training.learning-rate.initial or .*");
        JsonNode record = new ObjectMapper()
                .readTree(directory.resolve("diverged/search.json").toFile());
        assertThat(record.path("state").asText()).isEqualTo("failed");
        assertThat(log).contains("efsnas: " + record.path("failure").asText());
        assertThat(log).anyMatch(line -> line.contains("attempt 1 at round"));
        assertThat(log).noneMatch(line -> line.contains("attempt 2 at round"));
    }

    @Test
    void supernetsThatStallAreReportedAndASecondSigtermEndsTheDriverAtOnce() throws Exception {
        Path run = directory.resolve("stalled");
        Process driver = cluster.begin(
                "search-stalled",
                1,
                "search",
                "--config",
                config,
                "--run-dir",
                run.toString(),
                "--set",
                "supernet.engine=vector",
                "--set",
                "training.steps=1000000",
                "--set",
                "checkpoints.every-steps=50",
                "--set",
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
        RunLease.take(new RunDirectory(run.toString(), new Configuration()), () -> {})
                .close();
        assertThat(run.resolve("lease.json")).doesNotExist();
    }

    private static void signal(String name, List<ProcessHandle> processes) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        processes.forEach(process -> command.add(Long.toString(process.pid())));
        assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
    }

    private static int search(String name, Path run, String setting) throws IOException, InterruptedException {
        return cluster.submit(name, 1, "search", "--config", config, "--run-dir", run.toString(), "--set", setting);
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

    private static Map<Integer, List<String>> devicesByRound(List<JsonNode> rounds) {
        return rounds.stream()
                .collect(Collectors.groupingBy(
                        round -> round.path("round").asInt(),
                        Collectors.mapping(StandaloneClusterIT::device, Collectors.toList())));
    }

    private static String device(JsonNode round) {
        return round.at("/place/device").asText();
    }

    private static List<JsonNode> rounds(Path run) throws IOException {
        List<JsonNode> rounds = new ArrayList<>();
        new ObjectMapper()
                .readTree(Files.readAllBytes(run.resolve("rounds.json")))
                .forEach(rounds::add);
        return rounds;
    }
}
