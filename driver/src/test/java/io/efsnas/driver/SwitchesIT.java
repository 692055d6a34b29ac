package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.checkpoint.Safetensors;
import io.efsnas.supernet.SupernetState.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches on embedded Spark with a warm-up, with path dropout, with affine batch norms, and by recalibrated ones. */
class SwitchesIT {

    @TempDir
    private static Path directory;

    private static Path config;
    /** Of a search that has ended; no test changes it. */
    private static Path run;

    @BeforeAll
    static void search() throws IOException {
        config = TinySearch.settings()
                .with("training", "{ steps = 24, rounds = 3, warm-up = 0.5, path-dropout = 0.3 }")
                .with("supernet.affine", true)
                .with("scoring", "{ batch-norm = recalibrated, recalibration.batches = 3 }")
                .with("ranking.rule", "accuracy")
                .writeTo(directory);
        run = directory.resolve("run");
        search(run).succeeded();
    }

    private static CommandRun search(Path into, String... settings) {
        return CommandRun.search(
                config,
                into,
                Stream.of(settings)
                        .flatMap(setting -> Stream.of("--set", setting))
                        .toArray(String[]::new));
    }

    /** By architecture. */
    private static Map<String, Double> column(Path of, String name) throws IOException {
        List<List<String>> rows = Files.readAllLines(of.resolve("ranking.csv")).stream()
                .map(line -> List.of(line.split(",", -1)))
                .toList();
        int architecture = rows.get(0).indexOf("architecture");
        int column = rows.get(0).indexOf(name);
        Map<String, Double> values = new TreeMap<>();
        rows.stream().skip(1).forEach(row -> values.put(row.get(architecture), Double.parseDouble(row.get(column))));
        return values;
    }

    @Test
    void aSearchThatWasCutResumesToTheSameRanking() throws IOException {
        Path cut = Runs.copy(run, "cut", "checkpoints/supernet-1", "scores.csv", "ranking.csv");

        search(cut).succeeded();

        assertThat(cut.resolve("ranking.csv")).hasSameBinaryContentAs(run.resolve("ranking.csv"));
    }

    @Test
    void eachSwitchChangesTheLosses() throws IOException {
        Map<String, Double> losses = column(run, "loss");
        for (String off : List.of(
                "training.warm-up=0", "training.path-dropout=0", "supernet.affine=false", "scoring.batch-norm=batch")) {
            Path without = directory.resolve(off.replace("=", "-"));
            search(without, off).succeeded();

            assertThat(column(without, "loss")).as(off).hasSameSizeAs(losses).isNotEqualTo(losses);
        }
    }

    @Test
    void anExportedSubnetHasTheScalesAndShiftsOfItsSupernet() throws IOException {
        Path file = directory.resolve("subnet.safetensors");

        CommandRun.succeeding(
                "export",
                "--run-dir",
                run.toString(),
                "--format",
                "safetensors",
                "--output",
                file.toString(),
                "--architecture",
                column(run, "loss").keySet().iterator().next());

        Map<String, Tensor> subnet = Safetensors.read(Files.readAllBytes(file)).tensors();
        try (Stream<Path> files = Files.walk(run.resolve("checkpoints"))) {
            List<Path> checkpoints =
                    files.filter(any -> any.toString().endsWith(".safetensors")).toList();
            for (String name : List.of("stem.norm.weight", "stem.norm.bias")) {
                float[] values = subnet.get(name).values();
                assertThat(values).as(name).doesNotContain(0, 1);
                assertThat(checkpoints).as(name).anySatisfy(checkpoint -> assertThat(
                                Safetensors.read(Files.readAllBytes(checkpoint))
                                        .tensors()
                                        .get(name)
                                        .values())
                        .isEqualTo(values));
            }
        }
    }

    /** The images of a batch are not normalised by each other. */
    @Test
    void accuraciesDoNotDependOnTheScoringBatch() throws IOException {
        Path inOthers = directory.resolve("in-batches-of-13");

        CommandRun.select(run, inOthers, "--set", "scoring.batch=13").succeeded();

        assertThat(column(inOthers, "accuracy")).isEqualTo(column(run, "accuracy"));
    }

    @Test
    void mistakesAreToldBeforeAnythingIsTrained() {
        assertRefused("training.warm-up=-0.1", "training.warm-up: -0.1 is not accepted; expected a number from 0 to 1");
        assertRefused(
                "training.scheme=sandwich",
                "training.path-dropout: 0.3 is not accepted; expected 0: with training.scheme = sandwich a step needs the"
                        + " whole subnets that it draws");
        assertThat(search(
                                directory.resolve("refused"),
                                "supernet.engine=" + BlindEngine.NAME,
                                "scoring.batch-norm=batch")
                        .mistake())
                .contains("supernet.engine: blind has batch norms without scale and shift, and supernet.affine = true"
                        + " needs others");
    }

    private static void assertRefused(String override, String reason) {
        assertThat(search(directory.resolve("refused"), override).mistake()).contains(reason);
    }
}
