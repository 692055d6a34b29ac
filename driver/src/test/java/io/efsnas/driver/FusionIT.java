package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.commons.lang3.ArrayUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole searches on embedded Spark that rank by fusion, and measures without a search. */
class FusionIT {

    private static final String EXPERTS =
            "live-flops, the mean of expressivity, progressivity and trainability, and the mean of"
                    + " jacobian-covariance and synflow";

    private static final List<String> ALL = List.of(
            "expressivity",
            "synflow",
            "naswot",
            "gradient-norm",
            "zico",
            "jacobian-covariance",
            "ntk-smallest-eigenvalue",
            "ntk-condition",
            "sigeo-fisher-rao",
            "sigeo-zico",
            "sigeo-loss");

    @TempDir
    private static Path directory;

    private static Path config;

    /** Of a search that has ended; no test changes it. */
    private static Path run;

    @BeforeAll
    static void search() throws IOException {
        config = TinySearch.settings()
                .with("network.channels", 4)
                .with("training", "{ steps = 8, rounds = 4 }")
                .with("scoring.architectures", 6)
                .writeTo(directory);
        run = directory.resolve("run");
        search(run).succeeded();
    }

    private static CommandRun search(Path into, String... further) {
        return CommandRun.search(config, into, further);
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }

    @Test
    void tellsWhatItRanksBy() throws IOException {
        assertThat(text(run.resolve("selection.json"))).contains(EXPERTS);
        assertThat(text(run.resolve("report.html"))).contains(EXPERTS);
    }

    @Test
    void everyRankedArchitectureHasBeenMeasured() throws IOException {
        List<String> measures = Files.readAllLines(run.resolve("measures.csv"));

        assertThat(measures.get(0))
                .isEqualTo(
                        "architecture,nonlinearities,flops,parameters,live-flops,expressivity,progressivity,trainability,"
                                + "jacobian-covariance,synflow");
        assertThat(measures).hasSameSizeAs(Files.readAllLines(run.resolve("ranking.csv")));
    }

    /** Whether all, some or none of it has been measured before, and on however many threads. */
    @Test
    void resumesToTheSameRanking() throws IOException {
        Path again = Runs.copy(run, "again", "ranking.csv");
        List<String> measures = Files.readAllLines(again.resolve("measures.csv"));
        Files.write(again.resolve("measures.csv"), measures.subList(0, 5));

        search(again, "--master", "local[1]").succeeded();

        assertThat(text(again.resolve("ranking.csv"))).isEqualTo(text(run.resolve("ranking.csv")));
        assertThat(text(again.resolve("measures.csv"))).isEqualTo(text(run.resolve("measures.csv")));
        Path anew = directory.resolve("anew");
        search(anew, "--master", "local[1]").succeeded();
        assertThat(text(anew.resolve("ranking.csv"))).isEqualTo(text(run.resolve("ranking.csv")));
    }

    @Test
    void damagedMeasuresAreFoundBeforeAnythingIsDone() throws IOException {
        Path damaged = Runs.copy(run, "damaged");
        List<String> measures = Files.readAllLines(damaged.resolve("measures.csv"));
        measures.set(2, measures.get(2).replaceFirst(",.*", ",1,1,1,many,1,1,1,1,1"));
        Files.write(damaged.resolve("measures.csv"), measures);

        assertThat(search(damaged).mistake())
                .contains("measures.csv, line 3: live-flops must be a number, not 'many'")
                .endsWith("; remove the file, and the search measures again when it resumes");
    }

    @Test
    void measuresTheSameWithoutASearch() throws IOException {
        List<Map<String, String>> expected = Csv.rows(run.resolve("measures.csv"));
        Path list = Files.write(directory.resolve("list.txt"), Csv.column(expected, "architecture"));

        measure("trainability,expressivity", "--architectures", list.toString()).succeeded();

        Path measures = directory.resolve("table.csv");
        assertThat(Files.readAllLines(measures)).startsWith("architecture,trainability,expressivity");
        assertThat(Csv.rows(measures))
                .isEqualTo(Csv.without(
                        expected,
                        "nonlinearities",
                        "flops",
                        "parameters",
                        "live-flops",
                        "progressivity",
                        "jacobian-covariance",
                        "synflow"));
    }

    /** And selects the same as the experts without training do in a search that trains. */
    @Test
    void trainingFreeSearchTrainsNothing() throws IOException {
        Path free = directory.resolve("free");

        CommandRun done = search(free, "--set", "strategy=training-free").succeeded();

        assertThat(done.out()).contains("ranked without supernets by " + EXPERTS);
        assertThat(free.resolve("checkpoints")).doesNotExist();
        assertThat(free.resolve("scores.csv")).doesNotExist();
        assertThat(free.resolve("reliability.json")).doesNotExist();
        assertThat(text(free.resolve("report.html"))).contains("No supernet was trained");
        assertThat(Csv.without(Csv.ranking(free), "rank", "score"))
                .containsExactlyInAnyOrderElementsOf(
                        Csv.without(Csv.ranking(run), "rank", "score", "accuracy", "loss"));
        Path first = Files.writeString(
                directory.resolve("first.txt"), Csv.ranked(free).get(0));
        assertThat(CommandRun.score(free, first, directory.resolve("none.csv")).mistake())
                .contains("has no trained supernets: ranking.rule = training-free needs none");
    }

    /** Its generations are bred by a rule that reads ranks of all that was measured so far. */
    @Test
    void evolutionBreedsWithoutTraining() throws IOException {
        Path bred = directory.resolve("bred");

        search(
                        bred,
                        "--set",
                        "ranking.rule=training-free",
                        "--set",
                        "selection.strategy=evolution",
                        "--set",
                        "selection.evolution={population=10,generations=3,parents=3,crossover=4,mutation=4}")
                .succeeded();

        List<Map<String, String>> individuals = Csv.rows(bred.resolve("evolution.csv"));
        assertThat(individuals).hasSize(30);
        assertThat(individuals.get(0))
                .containsKeys("live-flops", "expressivity")
                .doesNotContainKey("accuracy");
        assertThat(meanLiveFlops(individuals, "3")).isGreaterThan(meanLiveFlops(individuals, "1"));
        assertThat(Csv.ranked(bred)).hasSize(30);
    }

    private static double meanLiveFlops(List<Map<String, String>> individuals, String generation) {
        return individuals.stream()
                .filter(row -> row.get("generation").equals(generation))
                .mapToDouble(row -> Double.parseDouble(row.get("live-flops")))
                .average()
                .orElseThrow();
    }

    @Test
    void furtherMeasuresAreColumnsThatDecideNothing() throws IOException {
        Path selected = directory.resolve("selected");

        CommandRun.select(run, selected, "--set", "ranking.measures=[live-parameters]")
                .succeeded();

        assertThat(Csv.ranking(selected)).allMatch(row -> Long.parseLong(row.get("live-parameters")) > 0);
        assertThat(Csv.without(Csv.ranking(selected), "live-parameters")).isEqualTo(Csv.ranking(run));
    }

    /** {@code measure} by the same configuration into {@code table.csv}. */
    private static CommandRun measure(String measures, String... further) {
        return CommandRun.of(ArrayUtils.addAll(
                new String[] {
                    "measure",
                    "--config",
                    config.toString(),
                    "--measures",
                    measures,
                    "--overwrite",
                    "--output",
                    directory.resolve("table.csv").toString()
                },
                further));
    }

    private static List<Map<String, String>> measured(Path list, List<String> measures, String... further) {
        measure(
                        String.join(",", measures),
                        ArrayUtils.addAll(further, "--architectures", list.toString(), "--set", "measures.batch=6"))
                .succeeded();
        return Csv.rows(directory.resolve("table.csv"));
    }

    @Test
    void namesTheMeasuresThereAre() {
        assertThat(measure("flops,synflop").mistake())
                .startsWith(
                        "--measures: there is no measure 'synflop'; did you mean synflow? Known: expressivity, flops, ");
    }

    /** Whichever others are measured with it, and, but for rounding, on all engines. */
    @Test
    void givesAnArchitectureTheSameValues() throws IOException {
        Path one = Files.write(
                directory.resolve("one.txt"),
                List.of("|nor_conv_3x3~0|+|avg_pool_3x3~0|skip_connect~1|+|nor_conv_1x1~0|none~1|nor_conv_3x3~2|"));
        Path two = Files.write(
                directory.resolve("two.txt"),
                List.of(
                        "|skip_connect~0|+|none~0|none~1|+|nor_conv_1x1~0|skip_connect~1|none~2|",
                        Files.readString(one).strip()));

        Map<String, String> together = measured(two, ALL).get(1);

        assertThat(together.keySet()).first().isEqualTo("architecture");
        assertThat(together.keySet().stream().skip(1)).containsExactlyElementsOf(ALL);
        for (String alone : List.of("expressivity", "zico", "ntk-condition", "sigeo-loss")) {
            assertThat(measured(one, List.of(alone)))
                    .containsExactly(Map.of("architecture", together.get("architecture"), alone, together.get(alone)));
        }
        for (String engine : List.of("nd4j", "libtorch")) {
            Map<String, String> others =
                    measured(two, ALL, "--set", "supernet.engine=" + engine).get(1);
            for (String measure : ALL) {
                double value = Double.parseDouble(together.get(measure));
                assertThat(Double.parseDouble(others.get(measure)))
                        .as(measure + " on " + engine)
                        .isCloseTo(value, within(0.01 * Math.max(1, Math.abs(value))));
            }
        }
    }

    @Test
    void refusesBatchesThatItCannotMeasureWith() {
        assertThat(measure("jacobian-covariance", "--set", "measures.batch=1").mistake())
                .startsWith("measures.batch: 1 is not accepted; expected a whole number of at least 2");
        assertThat(measure("zico", "--set", "measures.batch=181").mistake())
                .startsWith(
                        "data.train: 360 images in the train part are too few to measure with; expected at least 362, for 2");
        assertThat(measure("zico", "--set", "measures.zico.batches=1").mistake())
                .startsWith("measures.zico.batches: 1 is not accepted; expected a whole number from 2 to 1000");
    }

    @Test
    void asksForImagesOnlyIfAMeasureNeedsThem() throws IOException {
        Path list = Files.write(
                directory.resolve("skip.txt"),
                List.of("|skip_connect~0|+|none~0|none~1|+|none~0|skip_connect~1|none~2|"));
        String[] nowhere = {
            "--set",
            "data.train=[" + directory.resolve("nowhere") + "]",
            "--set",
            "data.format=cifar10",
            "--set",
            "data.shrink=8"
        };

        assertThat(measured(list, List.of("naswot", "synflow"), nowhere)).hasSize(1);
        assertThat(measure("naswot,zico", nowhere).mistake()).contains("nowhere");
    }
}
