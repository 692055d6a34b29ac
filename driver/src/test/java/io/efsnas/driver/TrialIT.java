package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.space.Enumeration;
import io.efsnas.space.nasbench201.NasBench201Space;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches without supernets, by short trainings and by a table, and by SiGeo on trained supernets. */
class TrialIT {

    private static final NasBench201Space SPACE = new NasBench201Space();

    @TempDir
    private static Path directory;

    private static CommandRun search(Path config, String run, String... further) {
        return CommandRun.search(config, directory.resolve(run), further);
    }

    /** On however many threads, whatever has been measured before, and without a search. */
    @Test
    void randomSearchTrainsEachArchitectureByItself() throws IOException {
        Path config = TinySearch.settings()
                .with("strategy", "random-search")
                .with("measures.short-training.steps", 3)
                .with("selection.evolution", "{ population = 4, generations = 2 }")
                .writeTo(directory);
        CommandRun done = search(config, "random").succeeded();
        Path run = directory.resolve("random");
        List<Map<String, String>> ranking = Csv.ranking(run);

        assertThat(done.out()).contains("ranked by trained-accuracy");
        assertThat(ranking).hasSize(8).allSatisfy(row -> assertThat(row)
                .containsKey("trained-accuracy")
                .doesNotContainKey("accuracy"));
        assertThat(Csv.column(ranking, "trained-accuracy").stream().distinct().count())
                .isGreaterThan(3);
        assertThat(run.resolve("checkpoints")).doesNotExist();
        assertThat(run.resolve("report.html"))
                .content()
                .contains("No supernet was trained: the ranking needs none. Each network was trained by itself for 3");

        Path cut = Runs.copy(run, "cut", "ranking.csv", "evolution.csv");
        List<String> measures = Files.readAllLines(cut.resolve("measures.csv"));
        Files.write(cut.resolve("measures.csv"), measures.subList(0, 4));
        search(config, "cut", "--master", "local[1]").succeeded();
        for (String result : List.of("evolution.csv", "measures.csv", "ranking.csv")) {
            assertThat(cut.resolve(result)).hasSameBinaryContentAs(run.resolve(result));
        }

        assertThat(search(config, "cut", "--set", "measures.short-training.steps=4")
                        .mistake())
                .contains("holds another search", "measures.short-training.steps (3 there, 4 now)");
        Path list = Files.write(directory.resolve("list.txt"), Csv.ranked(run));
        Path alone = directory.resolve("alone.csv");
        CommandRun.of(
                        "measure",
                        "--config",
                        config.toString(),
                        "--architectures",
                        list.toString(),
                        "--measures",
                        "trained-accuracy",
                        "--output",
                        alone.toString())
                .succeeded();
        assertThat(Csv.column(Csv.rows(alone), "trained-accuracy")).isEqualTo(Csv.column(ranking, "trained-accuracy"));
    }

    @Test
    void regularizedEvolutionFindsTheBestOfATable() throws IOException {
        Files.writeString(
                directory.resolve("table.csv"),
                Enumeration.connected(SPACE)
                        .map(each -> SPACE.format(each) + ","
                                + each.choices().stream()
                                                .filter(choice -> choice == 3)
                                                .count()
                                        / 6.0)
                        .collect(Collectors.joining("\n", "architecture,test_accuracy\n", "\n")));
        Path config = TinySearch.settings()
                .with("strategy", "regularized-evolution")
                .with("rules.sum.columns", "[table-accuracy]")
                .with("measures.table.file", "table.csv")
                .with("selection.regularized-evolution", "{ sample = 3, children = 2, architectures = 150 }")
                .writeTo(directory);

        CommandRun done = search(config, "regularized").succeeded();

        List<Map<String, String>> individuals = Csv.rows(directory.resolve("regularized/evolution.csv"));
        assertThat(done.out()).contains("ranked 1 of 150");
        assertThat(individuals).hasSize(150);
        assertThat(individuals.subList(10, 150))
                .allMatch(row -> row.get("origin").equals("mutation"));
        assertThat(Csv.ranking(directory.resolve("regularized")).get(0).get("table-accuracy"))
                .isEqualTo("1");
    }

    @Test
    void tablesThatCannotServeAreToldBeforeAnythingIsDone() throws IOException {
        Path table = Files.writeString(
                directory.resolve("one.csv"),
                "architecture,test_accuracy\n%s,50\n"
                        .formatted("|none~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|"));
        Path config = TinySearch.settings()
                .with("ranking.measures", "[table-accuracy]")
                .with("measures.table.file", "one.csv")
                .writeTo(directory);

        assertThat(search(config, "lacking").mistake())
                .startsWith("measures.table.file: file:" + table + " has no architecture |");
        assertThat(search(config, "lacking", "--set", "measures.table.column=accuracy")
                        .mistake())
                .startsWith("file:" + table + ", line 1: there is no column 'accuracy'");
        assertThat(search(config, "lacking", "--set", "measures.table.file=none")
                        .mistake())
                .startsWith("measures.table.file: \"none\" is not accepted; expected the path of a CSV file");
        assertThat(search(config, "lacking", "--set", "measures.table.file=/nowhere.csv")
                        .mistake())
                .contains("/nowhere.csv");
        assertThat(directory.resolve("lacking")).doesNotExist();
    }

    /** Weights can be changed without training again. */
    @Test
    void sigeoRanksByTrainedSupernets() throws IOException {
        Path config = TinySearch.settings()
                .with("strategy", "sigeo")
                .with("ranking.measures", "[sigeo-fisher-rao]")
                .writeTo(directory);
        search(config, "sigeo").succeeded();
        Path run = directory.resolve("sigeo");

        CommandRun.select(run, directory.resolve("unweighted"), "--set", "rules.sum.weights=[1,1,1]")
                .succeeded();

        String[] ranked = {"rank", "score"};
        List<Map<String, String>> ranking = Csv.ranking(run);
        assertThat(Csv.without(Csv.ranking(directory.resolve("unweighted")), ranked))
                .containsExactlyInAnyOrderElementsOf(Csv.without(ranking, ranked));
        assertThat(ranking).allSatisfy(row -> {
            double fisherRao = Double.parseDouble(row.get("sigeo-trained-fisher-rao"));
            assertThat(Double.parseDouble(row.get("score")))
                    .isEqualTo(100 * fisherRao
                            + Double.parseDouble(row.get("sigeo-trained-zico"))
                            + Double.parseDouble(row.get("sigeo-trained-loss")));
            assertThat(row.get("sigeo-fisher-rao")).isNotEqualTo(row.get("sigeo-trained-fisher-rao"));
        });
        assertThat(Runs.in(run).selection().orElseThrow().rankedBy().sentence())
                .isEqualTo("ranked by 100 * sigeo-trained-fisher-rao + sigeo-trained-zico + sigeo-trained-loss");
    }
}
