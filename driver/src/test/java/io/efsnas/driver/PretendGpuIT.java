package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.supernet.Engine;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.lang3.ArrayUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Searches as if on GPUs, which are lost or change, with an engine that the tests bring in a jar of its own. */
@Timeout(600)
class PretendGpuIT {

    private static final Path LOGS = Path.of("target", "pretend-gpu").toAbsolutePath();

    @TempDir
    private static Path directory;

    private static StandaloneCluster cluster;
    private static Path config;
    private static Path jar;
    private static Path undisturbed;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        config = TinySearch.settings()
                .withTwoSupernets()
                .withIndependentSupernets()
                .with("training.steps", 60)
                .with("ranking.rule", "accuracy")
                .with("checkpoints.every-steps", 5)
                .writeTo(directory);
        jar = ServicesJar.write(directory.resolve("engine.jar"), Map.of(Engine.class, PretendGpuEngine.class));
        undisturbed = directory.resolve("undisturbed");
        embedded(undisturbed, "vector").succeeded();
        cluster = new StandaloneCluster(directory, LOGS);
        cluster.set("spark.jars", jar.toString());
        cluster.start(2);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        cluster.stop();
    }

    private static CommandRun embedded(Path run, String engine) {
        return CommandRun.search(config, run, "--set", "supernet.engine=" + engine);
    }

    @ParameterizedTest
    @ValueSource(strings = {"train", "score"})
    void anExecutorThatLosesItsDeviceEndsAndAnotherTakesItsPlace(String doing) throws Exception {
        String name = "lost-while-" + doing;
        Path run = directory.resolve(name);
        Path lost = directory.resolve(name + "-marker");

        int status = search(name, run, Map.of(PretendGpuEngine.LOST, lost.toString(), PretendGpuEngine.WHILE, doing));

        assertThat(status).as("see the logs in %s", LOGS).isZero();
        assertThat(lost).exists();
        assertThat(Files.readAllLines(LOGS.resolve(name + ".log")))
                .noneMatch(line -> line.contains("Exception in thread"));
        assertThat(run.resolve("ranking.csv")).hasSameBinaryContentAs(undisturbed.resolve("ranking.csv"));
        assertThat(Runs.rounds(run))
                .extracting(round -> round.place().executor())
                .as("the one made later, unless training had ended")
                .containsOnly(doing.equals("train") ? "1" : "0");
        assertThat(cluster.executorLog())
                .filteredOn(line -> line.contains("is lost"))
                .singleElement()
                .asString()
                .endsWith("DeviceLoss: GPU 0 is lost: CUDA error: an illegal memory access was encountered; this"
                        + " executor ends with status 90, so that Spark makes another");
        if (doing.equals("train")) {
            assertThat(Files.readAllLines(LOGS.resolve(name + ".log")))
                    .filteredOn(line -> line.contains("attempt "))
                    .singleElement()
                    .asString()
                    .contains("attempt 1 at round 1 of 3 of supernet ")
                    .endsWith("code 90: the executor had lost its GPU; its log names the error");
        }
    }

    /** Runs the command on one executor, with system properties of executors; gives its exit status. */
    private static int search(String name, Path run, Map<String, String> properties, String... further)
            throws IOException, InterruptedException {
        String[] arguments = {
            "--config",
            config.toString(),
            "--run-dir",
            run.toString(),
            "--set",
            "supernet.engine=" + PretendGpuEngine.NAME
        };
        String options = properties.entrySet().stream()
                .map(property -> "-D" + property.getKey() + "=" + property.getValue())
                .collect(Collectors.joining(" "));
        Process driver = cluster.begin(
                name, 2, Map.of("EFSNAS_EXECUTOR_OPTIONS", options), "search", ArrayUtils.addAll(arguments, further));
        return cluster.end(name, driver);
    }

    @Test
    void aSearchIsResumedOnAnotherCardOnlyWhereThatIsAllowed() throws Exception {
        Path run = directory.resolve("card");
        assertThat(search("card", run, Map.of(PretendGpuEngine.CARD, "H100"))).isZero();
        assertThat(Runs.rounds(run)).isNotEmpty().allSatisfy(round -> {
            assertThat(round.engine()).endsWith(" bits, H100");
            assertThat(round.deviceShare()).isEqualTo(1);
        });
        Files.delete(run.resolve("checkpoints/supernet-1/step-00000060.safetensors"));

        int refused = search("other-card", run, Map.of(PretendGpuEngine.CARD, "A100"));
        int allowed = search("allowed-card", run, Map.of(PretendGpuEngine.CARD, "A100"), "--allow-engine-change");

        assertThat(refused).as("see the logs in %s", LOGS).isEqualTo(1);
        assertThat(Files.readString(LOGS.resolve("other-card.log")))
                .containsPattern("efsnas: round 3 of 3 of supernet 1, steps 40 to 60, failed on \\S+: supernet 1: the"
                        + " search was trained with vector \\d+, .* bits, H100, and this executor has vector \\d+, .* bits, A100,"
                        + " which gives other bits");
        assertThat(allowed).as("see the logs in %s", LOGS).isZero();
    }

    @Test
    void onEmbeddedSparkTheRunFailsAndTheSameCommandResumes() throws Exception {
        Path run = directory.resolve("embedded");
        ClassLoader outer = Thread.currentThread().getContextClassLoader();
        System.setProperty(
                PretendGpuEngine.LOST, directory.resolve("embedded-marker").toString());
        System.setProperty(PretendGpuEngine.WHILE, "train");
        try (URLClassLoader withEngine =
                new URLClassLoader(new URL[] {jar.toUri().toURL()}, outer)) {
            Thread.currentThread().setContextClassLoader(withEngine);

            CommandRun failed = embedded(run, PretendGpuEngine.NAME);
            CommandRun resumed = embedded(run, PretendGpuEngine.NAME);

            assertThat(failed.status()).isEqualTo(1);
            assertThat(failed.err()).doesNotContain("\tat ");
            assertThat(failed.err().lines().filter(line -> line.startsWith("efsnas: ")))
                    .singleElement()
                    .asString()
                    .matches("efsnas: round 1 of 3 of supernet \\d, steps 0 to 20, failed on \\S+: GPU 0 is lost: CUDA"
                            + " error: an illegal memory access was encountered; this process cannot use it again: the"
                            + " same command resumes in a new process");
            resumed.succeeded();
            assertThat(run.resolve("ranking.csv")).hasSameBinaryContentAs(undisturbed.resolve("ranking.csv"));
        } finally {
            Thread.currentThread().setContextClassLoader(outer);
            System.clearProperty(PretendGpuEngine.LOST);
            System.clearProperty(PretendGpuEngine.WHILE);
        }
    }
}
