package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.commons.math3.stat.correlation.KendallsCorrelation;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches with the engine libtorch, and with the jar that brings it left out. */
class LibtorchIT {

    @TempDir
    private static Path directory;

    private static Path config;
    private static Path run;

    @BeforeAll
    static void search() throws Exception {
        config = TinySearch.settings()
                .with("supernet", "{ engine = libtorch, channels = 4 }")
                .with("training.steps", 30)
                .with("scoring.architectures", 30)
                .writeTo(directory);
        run = directory.resolve("run");
        search(run).succeeded();
    }

    private static CommandRun search(Path into, String... further) {
        return CommandRun.search(config, into, further);
    }

    @Test
    void recordsTheEngineThatTrained() {
        assertThat(Runs.rounds(run)).isNotEmpty().allSatisfy(round -> assertThat(round.engine())
                .startsWith("libtorch "));
    }

    @Test
    void theSameSearchHasTheSameRankingToTheBit() throws Exception {
        Path again = directory.resolve("again");

        search(again).succeeded();

        assertThat(again.resolve("ranking.csv")).hasSameBinaryContentAs(run.resolve("ranking.csv"));
    }

    @Test
    void anotherEngineScoresItsSupernetsToTheSameRanks() throws Exception {
        Path other = Runs.copy(run, "other", "scores.csv");

        search(other, "--set", "supernet.engine=vector", "--allow-engine-change")
                .succeeded();

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
        search(directory.resolve("rounded"), "--set", "supernet.precision=bfloat16")
                .succeeded();
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
        List<String> command = TestProcesses.java();
        String classPath = System.getProperty("efsnas.jar") + ":" + TestProcesses.SPARK_JARS;
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
