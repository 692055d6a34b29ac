package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;
import org.apache.commons.math3.stat.correlation.KendallsCorrelation;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches with the engine libtorch, and with the jar that brings it left out. */
class LibtorchIT {

    private static final String SETTINGS =
            """
            space.groups = [[0, 1], [2], [3]]
            data {
              train = ["%s"]
              train-share = 0.6
              validation-share = 0.2
              limit = 600
            }
            supernet { engine = libtorch, channels = 4, cells = 1 }
            training { steps = 30, rounds = 3, batch = 16 }
            network { channels = 2, cells = 1 }
            scoring { batch = 50, images = 100, architectures = 30 }
            """
                    .formatted(Path.of("../conf/data/fashion-mnist/t10k-images-idx3-ubyte.gz")
                            .toAbsolutePath()
                            .normalize());

    @TempDir
    private static Path directory;

    private static Path config;
    private static Path run;

    @BeforeAll
    static void search() throws Exception {
        config = Files.writeString(directory.resolve("tiny.conf"), SETTINGS);
        run = directory.resolve("run");
        assertThat(search(run).status()).isZero();
    }

    private static CommandRun search(Path into, String... further) {
        List<String> arguments = new ArrayList<>(
                List.of("search", "--master", "local[2]", "--config", config.toString(), "--run-dir", into.toString()));
        arguments.addAll(List.of(further));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    @Test
    void recordsTheEngineThatTrained() throws Exception {
        JsonNode rounds = new ObjectMapper().readTree(run.resolve("rounds.json").toFile());

        assertThat(rounds)
                .isNotEmpty()
                .allSatisfy(round -> assertThat(round.path("engine").asText()).startsWith("libtorch "));
    }

    @Test
    void theSameSearchHasTheSameRankingToTheBit() throws Exception {
        Path again = directory.resolve("again");

        assertThat(search(again).status()).isZero();

        assertThat(again.resolve("ranking.csv")).hasSameBinaryContentAs(run.resolve("ranking.csv"));
    }

    @Test
    void anotherEngineScoresItsSupernetsToTheSameRanks() throws Exception {
        Path other = directory.resolve("other");
        FileUtils.copyDirectory(run.toFile(), other.toFile());
        Files.delete(other.resolve("scores.csv"));

        CommandRun scored = search(other, "--set", "supernet.engine=vector", "--allow-engine-change");

        assertThat(scored.status()).as(scored.err()).isZero();
        assertThat(other.resolve("ranking.csv").toFile().lastModified())
                .isGreaterThan(run.resolve("ranking.csv").toFile().lastModified());
        Map<String, Double> expected = losses(run);
        Map<String, Double> actual = losses(other);
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        assertThat(new KendallsCorrelation().correlation(values(expected), values(actual)))
                .isGreaterThan(0.99);
    }

    /** By architecture, in its order. */
    private static Map<String, Double> losses(Path run) {
        Map<String, Double> losses = new TreeMap<>(Comparator.naturalOrder());
        Csv.ranking(run).forEach(row -> losses.put(row.get("architecture"), Double.valueOf(row.get("loss"))));
        return losses;
    }

    private static double[] values(Map<String, Double> losses) {
        return losses.values().stream().mapToDouble(Double::doubleValue).toArray();
    }

    @Test
    void searchesInBfloat16() {
        CommandRun rounded = search(directory.resolve("rounded"), "--set", "supernet.precision=bfloat16");

        assertThat(rounded.status()).as(rounded.err()).isZero();
    }

    @Test
    void otherEnginesComputeInFloat32Alone() {
        CommandRun refused = search(
                directory.resolve("refused"),
                "--set",
                "supernet.engine=vector",
                "--set",
                "supernet.precision=bfloat16");

        assertThat(refused.mistake())
                .isEqualTo("supernet.precision: the engine vector does not compute in bfloat16; expected float32");
    }

    @Test
    void whoDoesNotHaveItIsToldWhatToAdd() throws Exception {
        Path log = directory.resolve("without.log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(TestProcesses.JAVA_HOME, "bin", "java").toString());
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().trim().split("\\s+")));
        String classPath = System.getProperty("efsnas.jar") + ":" + TestProcesses.SPARK_HOME.resolve("jars") + "/*";
        command.addAll(List.of("-cp", classPath, "io.efsnas.driver.Main", "search", "--config", config.toString()));
        command.addAll(List.of("--run-dir", directory.resolve("without").toString()));
        Process without = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();

        assertThat(without.waitFor(5, TimeUnit.MINUTES)).isTrue();

        assertThat(without.exitValue()).as(Files.readString(log)).isEqualTo(2);
        assertThat(Files.readAllLines(log))
                .contains("efsnas: supernet.engine: libtorch needs libtorch on the class path: add efsnas-libtorch.jar,"
                        + " on a cluster by --jars");
    }
}
