package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole searches on embedded Spark that rank by fusion, and measures without a search. */
class FusionIT {

    private static final String SETTINGS =
            """
            seed = 7
            space.groups = [[0, 1], [2], [3]]
            network { channels = 4, cells = 1 }
            data {
              train = ["%s"]
              train-share = 0.6
              validation-share = 0.2
              limit = 600
            }
            supernet { engine = vector, channels = 2, cells = 1 }
            training { steps = 8, rounds = 4, batch = 16 }
            scoring { batch = 50, images = 100, architectures = 6 }
            """
                    .formatted(Path.of("../conf/data/fashion-mnist/t10k-images-idx3-ubyte.gz")
                            .toAbsolutePath()
                            .normalize());

    private static final String EXPERTS =
            "live-flops, the mean of expressivity, progressivity and trainability, and the mean of"
                    + " jacobian-covariance and synflow";

    @TempDir
    private static Path directory;

    private static Path config;

    /** Of a search that has ended; no test changes it. */
    private static Path run;

    @BeforeAll
    static void search() throws IOException {
        config = Files.writeString(directory.resolve("fusion.conf"), SETTINGS);
        run = directory.resolve("run");
        search(run, "local[2]");
    }

    private static CommandRun search(Path into, String master) {
        return CommandRun.succeeding(
                "search", "--master", master, "--config", config.toString(), "--run-dir", into.toString());
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
        Path again = directory.resolve("again");
        FileUtils.copyDirectory(run.toFile(), again.toFile());
        List<String> measures = Files.readAllLines(again.resolve("measures.csv"));
        Files.write(again.resolve("measures.csv"), measures.subList(0, 5));
        Files.delete(again.resolve("ranking.csv"));

        search(again, "local[1]");

        assertThat(text(again.resolve("ranking.csv"))).isEqualTo(text(run.resolve("ranking.csv")));
        assertThat(text(again.resolve("measures.csv"))).isEqualTo(text(run.resolve("measures.csv")));
        Path anew = directory.resolve("anew");
        search(anew, "local[1]");
        assertThat(text(anew.resolve("ranking.csv"))).isEqualTo(text(run.resolve("ranking.csv")));
    }

    @Test
    void damagedMeasuresAreFoundBeforeAnythingIsDone() throws IOException {
        Path damaged = directory.resolve("damaged");
        FileUtils.copyDirectory(run.toFile(), damaged.toFile());
        List<String> measures = Files.readAllLines(damaged.resolve("measures.csv"));
        measures.set(2, measures.get(2).replaceFirst(",.*", ",1,1,1,many,1,1,1,1,1"));
        Files.write(damaged.resolve("measures.csv"), measures);

        assertThat(CommandRun.of(
                                "search",
                                "--master",
                                "local[2]",
                                "--config",
                                config.toString(),
                                "--run-dir",
                                damaged.toString())
                        .mistake())
                .contains("measures.csv, line 3: live-flops must be a number, not 'many'")
                .endsWith("; remove the file, and the search measures again when it resumes");
    }

    @Test
    void measuresTheSameWithoutASearch() throws IOException {
        List<String> expected = Files.readAllLines(run.resolve("measures.csv"));
        List<String> architectures = new ArrayList<>();
        expected.stream().skip(1).forEach(line -> architectures.add(line.substring(0, line.indexOf(','))));
        Path list = Files.write(directory.resolve("list.txt"), architectures);
        Path measures = directory.resolve("measured.csv");

        CommandRun.succeeding(
                "measure",
                "--config",
                config.toString(),
                "--architectures",
                list.toString(),
                "--measures",
                "trainability,expressivity",
                "--output",
                measures.toString());

        assertThat(Files.readAllLines(measures)).startsWith("architecture,trainability,expressivity");
        assertThat(Csv.rows(measures))
                .isEqualTo(Csv.without(
                        Csv.rows(run.resolve("measures.csv")),
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

        CommandRun done = CommandRun.succeeding(
                "search",
                "--master",
                "local[2]",
                "--config",
                config.toString(),
                "--run-dir",
                free.toString(),
                "--set",
                "strategy=training-free");

        assertThat(done.out()).contains("ranked without training by " + EXPERTS);
        assertThat(free.resolve("checkpoints")).doesNotExist();
        assertThat(free.resolve("scores.csv")).doesNotExist();
        assertThat(free.resolve("reliability.json")).doesNotExist();
        assertThat(text(free.resolve("report.html"))).contains("Nothing was trained");
        assertThat(Csv.without(Csv.ranking(free), "rank", "score"))
                .containsExactlyInAnyOrderElementsOf(
                        Csv.without(Csv.ranking(run), "rank", "score", "accuracy", "loss"));
        assertThat(CommandRun.of(
                                "score",
                                "--run-dir",
                                free.toString(),
                                "--architectures",
                                Files.writeString(
                                                directory.resolve("first.txt"),
                                                Csv.ranked(free).get(0))
                                        .toString(),
                                "--output",
                                directory.resolve("none.csv").toString(),
                                "--master",
                                "local[2]")
                        .mistake())
                .contains("has no trained supernets: ranking.rule = training-free needs none");
    }

    /** Its generations are bred by a rule that reads ranks of all that was measured so far. */
    @Test
    void evolutionBreedsWithoutTraining() throws IOException {
        Path bred = directory.resolve("bred");

        CommandRun.succeeding(
                "search",
                "--master",
                "local[2]",
                "--config",
                config.toString(),
                "--run-dir",
                bred.toString(),
                "--set",
                "ranking.rule=training-free",
                "--set",
                "selection.strategy=evolution",
                "--set",
                "selection.evolution={population=10,generations=3,parents=3,crossover=4,mutation=4}");

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

        CommandRun.succeeding(
                "select",
                "--master",
                "local[2]",
                "--run-dir",
                run.toString(),
                "--output",
                selected.toString(),
                "--set",
                "ranking.measures=[live-parameters]");

        assertThat(Csv.ranking(selected)).allMatch(row -> Long.parseLong(row.get("live-parameters")) > 0);
        assertThat(Csv.without(Csv.ranking(selected), "live-parameters")).isEqualTo(Csv.ranking(run));
    }

    @Test
    void namesTheMeasuresThereAre() {
        assertThat(CommandRun.of(
                                "measure",
                                "--config",
                                config.toString(),
                                "--measures",
                                "flops,synflop",
                                "--output",
                                directory.resolve("none.csv").toString())
                        .mistake())
                .startsWith(
                        "--measures: there is no measure 'synflop'; did you mean synflow? Known: expressivity, flops, ");
    }

    private static final String ALL = "expressivity,synflow,naswot,gradient-norm,zico,jacobian-covariance,"
            + "ntk-smallest-eigenvalue,ntk-condition,sigeo-fisher-rao,sigeo-zico,sigeo-loss";

    private static List<String> measured(Path list, String measures, String... further) throws IOException {
        Path table = directory.resolve("table.csv");
        List<String> arguments = new ArrayList<>(List.of(
                "measure",
                "--config",
                config.toString(),
                "--architectures",
                list.toString(),
                "--measures",
                measures,
                "--batch",
                "6",
                "--overwrite",
                "--output",
                table.toString()));
        arguments.addAll(List.of(further));
        CommandRun.succeeding(arguments.toArray(String[]::new));
        return Files.readAllLines(table);
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

        List<String> together = measured(two, ALL);

        assertThat(together.get(0)).isEqualTo("architecture," + ALL);
        String[] expected = together.get(2).split(",", -1);
        List<String> names = List.of(ALL.split(","));
        for (String alone : List.of("expressivity", "zico", "ntk-condition", "sigeo-loss")) {
            assertThat(measured(one, alone).get(1)).isEqualTo(expected[0] + "," + expected[1 + names.indexOf(alone)]);
        }
        for (String engine : List.of("nd4j", "libtorch")) {
            String[] others = measured(two, ALL, "--set", "supernet.engine=" + engine)
                    .get(2)
                    .split(",", -1);
            for (int column = 1; column < expected.length; column++) {
                double value = Double.parseDouble(expected[column]);
                assertThat(Double.parseDouble(others[column]))
                        .as(names.get(column - 1) + " on " + engine)
                        .isCloseTo(value, within(0.01 * Math.max(1, Math.abs(value))));
            }
        }
    }

    private static String mistake(String measures, String batch, String setting) {
        return CommandRun.of(
                        "measure",
                        "--config",
                        config.toString(),
                        "--set",
                        setting,
                        "--measures",
                        measures,
                        "--batch",
                        batch,
                        "--output",
                        directory.resolve("none.csv").toString())
                .mistake();
    }

    @Test
    void refusesBatchesThatItCannotMeasureWith() {
        assertThat(mistake("jacobian-covariance", "1", "seed=1"))
                .startsWith("--batch: expected at least 2 images, not 1");
        assertThat(mistake("zico", "91", "seed=1"))
                .startsWith(
                        "data.train: 360 images in the train part are too few to measure with; expected at least 364, for 4");
    }

    @Test
    void asksForImagesOnlyIfAMeasureNeedsThem() throws IOException {
        Path list = Files.write(
                directory.resolve("skip.txt"),
                List.of("|skip_connect~0|+|none~0|none~1|+|none~0|skip_connect~1|none~2|"));
        String nowhere = "data.train=[" + directory.resolve("nowhere") + "]";
        String cifar = "data.format=cifar10";

        assertThat(measured(list, "naswot,synflow", "--set", nowhere, "--set", cifar))
                .hasSize(2);
        assertThat(CommandRun.of(
                                "measure",
                                "--config",
                                config.toString(),
                                "--set",
                                nowhere,
                                "--set",
                                cifar,
                                "--measures",
                                "naswot,zico",
                                "--output",
                                directory.resolve("none.csv").toString())
                        .mistake())
                .contains("nowhere");
    }
}
