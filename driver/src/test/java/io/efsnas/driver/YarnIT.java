package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.FinalApplicationStatus;
import org.apache.hadoop.yarn.api.records.YarnApplicationState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Searches whose executors, and whose driver in cluster mode, are containers of a YARN cluster with made-up GPUs. */
@Timeout(600)
class YarnIT {

    private static final Path LOGS = Path.of("target", "yarn").toAbsolutePath();

    @TempDir
    private static Path directory;

    private static Yarn yarn;
    private static Path config;
    private static Path discovery;
    /** The directory of the same search on embedded Spark. */
    private static Path embedded;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        config = TinySearch.settings()
                .withTwoSupernets()
                .withIndependentSupernets()
                .with("training", "{ steps = 400, rounds = 2 }") // long enough to kill something
                .with("checkpoints.every-steps", 10)
                .writeTo(directory);
        // Each container has a GPU whose address is the container's number.
        discovery = Files.writeString(
                directory.resolve("gpus.sh"),
                "#!/bin/sh\necho \"{\\\"name\\\": \\\"gpu\\\", \\\"addresses\\\": [\\\"$(expr ${CONTAINER_ID##*_} + 0)\\\"]}\"\n");
        yarn = new Yarn(directory, LOGS);
        yarn.start();
        embedded = directory.resolve("embedded");
        CommandRun.search(config, embedded).succeeded();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        yarn.close();
    }

    @Test
    void searchOutlivesAnExecutorAndRanksAsOnEmbeddedSpark() throws Exception {
        Path run = directory.resolve("client");
        Process driver = submit(
                "client",
                "",
                TestProcesses.LAUNCHER,
                "search",
                "--master",
                "yarn",
                "--config",
                config.toString(),
                "--run-dir",
                run.toString());
        awaitFile(run.resolve("checkpoints/supernet-0"), driver);

        yarn.executors().get(0).destroyForcibly();

        assertThat(status(driver)).as("see the logs in %s", LOGS).isZero();
        assertThat(Files.readString(LOGS.resolve("client.log"))).contains("attempt 1 at round 1 of 2 of supernet");
        assertThat(run.resolve("ranking.csv")).hasSameBinaryContentAs(embedded.resolve("ranking.csv"));
        assertThat(yarn.newestApplication().getFinalApplicationStatus()).isEqualTo(FinalApplicationStatus.SUCCEEDED);
    }

    @Test
    void searchWithItsDriverOnYarnGoesOnAfterItsApplicationWasKilled() throws Exception {
        Path run = directory.resolve("cluster");
        Process killed = submitDriver("killed", "", "--run-dir", run.toString());
        awaitFile(run.resolve("rounds.json"), killed);
        yarn.pauseExecutors(); // else a YARN that takes its time would let the search end

        yarn.kill(yarn.newestApplication());

        assertThat(status(killed)).isNotZero();
        assertThat(yarn.newestApplication().getYarnApplicationState()).isEqualTo(YarnApplicationState.KILLED);
        assertThat(run.resolve("ranking.csv")).doesNotExist();

        int status = status(submitDriver("cluster", "", "--run-dir", run.toString()));

        assertThat(status).as("see the logs in %s", LOGS).isZero();
        ApplicationReport application = yarn.newestApplication();
        assertThat(application.getFinalApplicationStatus()).isEqualTo(FinalApplicationStatus.SUCCEEDED);
        assertThat(application.getCurrentApplicationAttemptId().getAttemptId()).isEqualTo(1);
        assertThat(yarn.applicationMasterLog(application)).containsPattern("resumes after round \\d, step");
        assertThat(run.resolve("ranking.csv")).hasSameBinaryContentAs(embedded.resolve("ranking.csv"));
        assertThat(Runs.rounds(run))
                .hasSizeGreaterThanOrEqualTo(2)
                .allMatch(round -> round.place().device().matches("gpu:\\d"));
    }

    @Test
    void mistakeIsTheDiagnosticsOfAnApplicationThatFailed() throws Exception {
        int status = status(submitDriver(
                "mistake",
                """
                spark.yarn.maxAppAttempts 1
                spark.scheduler.minRegisteredResourcesRatio 0
                """,
                "--run-dir",
                directory.resolve("mistake").toString(),
                "--set",
                "data.train=[\"nowhere-idx3-ubyte.gz\"]"));

        assertThat(status).isNotZero();
        ApplicationReport application = yarn.newestApplication();
        assertThat(application.getFinalApplicationStatus()).isEqualTo(FinalApplicationStatus.FAILED);
        assertThat(application.getDiagnostics())
                .contains("efsnas: ")
                .contains("nowhere-idx3-ubyte.gz")
                .doesNotContain("\tat ");
        assertThat(Files.readString(LOGS.resolve("mistake.log"))).contains(application.getDiagnostics());
    }

    /**
     * Submits a search whose driver runs in a container, as a user of spark-submit does.
     *
     * @param settings of Spark, that come after those of all searches
     */
    private static Process submitDriver(String name, String settings, String... arguments) throws IOException {
        String[] submit = {
            TestProcesses.SPARK_HOME.resolve("bin/spark-submit").toString(),
            "--master",
            "yarn",
            "--deploy-mode",
            "cluster",
            "--driver-memory",
            "512m",
            "--driver-java-options",
            "--add-modules=jdk.incubator.vector " + TestProcesses.jvmOptions(),
            "--files",
            config + "," + discovery,
            "--class",
            "io.efsnas.driver.Main",
            System.getProperty("efsnas.jar"),
            "search",
            "--config",
            config.getFileName().toString()
        };
        return submit(
                name, settings, Stream.of(submit, arguments).flatMap(Stream::of).toArray(String[]::new));
    }

    private static Process submit(String name, String settings, String... command) throws IOException {
        String common =
                """
                spark.ui.enabled false
                spark.executor.instances 2
                spark.executor.cores 1
                spark.executor.memory 512m
                spark.executor.memoryOverhead 512m
                spark.executor.resource.gpu.amount 1
                spark.executor.resource.gpu.discoveryScript ./gpus.sh
                spark.executor.extraJavaOptions --add-modules=jdk.incubator.vector %s
                spark.files %s
                spark.yarn.am.memory 512m
                spark.yarn.jars local:%s/jars/*
                spark.yarn.stagingDir %s
                spark.yarn.appMasterEnv.SPARK_LOCAL_IP 127.0.0.1
                spark.executorEnv.SPARK_LOCAL_IP 127.0.0.1
                # No supernet begins before all executors are there.
                spark.scheduler.minRegisteredResourcesRatio 1.0
                spark.scheduler.maxRegisteredResourcesWaitingTime 120s
                spark.yarn.scheduler.heartbeat.interval-ms 500
                """
                        .formatted(TestProcesses.jvmOptions(), discovery, TestProcesses.SPARK_HOME, directory.toUri());
        return yarn.submit(name, common + settings, List.of(command));
    }

    private static void awaitFile(Path file, Process driver) throws InterruptedException {
        while (!Files.exists(file)) {
            assertThat(driver.isAlive()).as("see the logs in %s", LOGS).isTrue();
            Thread.sleep(20);
        }
    }

    private static int status(Process submitted) throws InterruptedException {
        assertThat(submitted.waitFor(5, TimeUnit.MINUTES))
                .as("it has ended; see the logs in %s", LOGS)
                .isTrue();
        return submitted.exitValue();
    }
}
