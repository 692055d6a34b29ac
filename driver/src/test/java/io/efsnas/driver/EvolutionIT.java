package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches by evolution and at random on embedded Spark, and selections with the supernets of an earlier search. */
class EvolutionIT {

    /** Of the FLOPs of networks that are not as tiny as those of other tests. */
    private static final long LIMIT = 1_630_000;

    @TempDir
    private static Path directory;

    private static Path config;
    /** Of an evolution that has ended; no test changes it. */
    private static Path run;

    private static CommandRun search;

    @BeforeAll
    static void search() throws IOException {
        config = TinySearch.settings()
                .with("network", "{ channels = 16, cells = 5 }")
                .with("training", "{ steps = 4, rounds = 2 }")
                .with("ranking", "{ rule = accuracy, limits.flops = %d }".formatted(LIMIT))
                .with("selection.strategy", "evolution")
                .with(
                        "selection.evolution",
                        "{ population = 8, generations = 4, parents = 3, crossover = 3, mutation = 3 }")
                .writeTo(directory);
        run = directory.resolve("run");
        search = search(run).succeeded();
    }

    private static CommandRun search(Path into, String... further) {
        return CommandRun.search(config, into, further);
    }

    @Test
    void evolutionScoresEachArchitectureOnceAndRanksThemAll() throws IOException {
        List<Map<String, String>> individuals = Csv.rows(run.resolve("evolution.csv"));

        assertThat(Files.readAllLines(run.resolve("evolution.csv")))
                .startsWith("generation,architecture,origin,node,accuracy,loss,nonlinearities,flops,parameters");
        assertThat(individuals.stream()
                        .collect(Collectors.groupingBy(row -> row.get("generation"), Collectors.counting())))
                .hasSize(4)
                .containsValue(8L)
                .allSatisfy((generation, size) -> assertThat(size).isEqualTo(8));
        assertThat(individuals.subList(0, 8)).allMatch(row -> row.get("origin").equals("random"));
        assertThat(individuals.subList(8, 32))
                .extracting(row -> row.get("origin"))
                .contains("crossover", "mutation", "random");
        assertThat(individuals).allMatch(row -> Long.parseLong(row.get("flops")) <= LIMIT);
        assertThat(Csv.ranked(run))
                .containsExactlyInAnyOrderElementsOf(Csv.column(individuals, "architecture"))
                .doesNotHaveDuplicates();
        assertThat(search.out()).contains("ranked 1 of 32");
    }

    @Test
    void searchThatWasCutShortGoesOnToTheSameResult() throws IOException {
        List<String> scores = Files.readAllLines(run.resolve("scores.csv"));
        Path cut = Runs.copy(run, "cut", "evolution.csv", "ranking.csv", "selection.json");
        Files.write(cut.resolve("scores.csv"), scores.subList(0, 1 + 2 * 8));

        search(cut).succeeded();

        for (String result : List.of("evolution.csv", "ranking.csv", "reliability.json", "selection.json")) {
            assertThat(cut.resolve(result)).hasSameBinaryContentAs(run.resolve(result));
        }
    }

    @Test
    void limitsThatNothingKeepsAreRefusedBeforeTraining() {
        Path unmade = directory.resolve("unmade");

        assertThat(search(unmade, "--set", "ranking.limits.flops=9").mistake())
                .startsWith("ranking.limits: none of ")
                .contains(" meets the limits of 9 FLOPs;");

        assertThat(unmade).doesNotExist();
    }

    @Test
    void selectSearchesAnewWithTheSameSupernets() throws IOException {
        Path selected = directory.resolve("selected");

        CommandRun done = CommandRun.select(
                        run,
                        selected,
                        "--set",
                        "selection.strategy=random",
                        "--set",
                        "ranking.limits={flops=none, live-flops=%d}".formatted(LIMIT))
                .succeeded();

        assertThat(done.out()).contains("selected   ", "results    file:" + selected);
        List<Map<String, String>> individuals = Csv.rows(selected.resolve("evolution.csv"));
        assertThat(individuals).hasSize(32).allMatch(row -> row.get("origin").equals("random"));
        assertThat(individuals)
                .allMatch(row -> Double.parseDouble(row.get("live-flops")) <= LIMIT)
                .anyMatch(row -> Double.parseDouble(row.get("flops")) > LIMIT);
        // The first generation is drawn by the same seed from more architectures, so that some are scored by both.
        Function<Path, Stream<String>> scores = directory -> Csv.rows(directory.resolve("evolution.csv")).stream()
                .map(row -> row.get("architecture") + " " + row.get("accuracy") + " " + row.get("loss"));
        assertThat(scores.apply(selected))
                .containsAnyElementsOf(scores.apply(run).toList());
        assertThat(Runs.in(selected).requireSearch().supernets()).isEqualTo("file:" + run);
        assertThat(selected.resolve("selection.json")).exists();
        assertThat(selected.resolve("checkpoints")).doesNotExist();
        assertThat(selected.resolve("rounds.json")).doesNotExist();

        assertThat(CommandRun.select(run, selected).mistake())
                .contains("holds another search", "selection.strategy (\"random\" there, \"evolution\" now)");
    }

    @Test
    void otherSelectionSeedDrawsOtherArchitectures() {
        Path other = directory.resolve("other");

        CommandRun.select(run, other, "--set", "selection.seed=8").succeeded();

        assertThat(Csv.rows(other.resolve("evolution.csv")).get(0).get("architecture"))
                .isNotEqualTo(Csv.rows(run.resolve("evolution.csv")).get(0).get("architecture"));
    }

    @Test
    void selectChangesNothingThatWasTrained() {
        Path unmade = directory.resolve("unmade");

        assertThat(CommandRun.select(run, unmade, "--set", "training.steps=8").mistake())
                .startsWith(
                        "--set training.steps=8 is not accepted; expected a key of measures, ranking, rules, scoring,"
                                + " selection");
        assertThat(CommandRun.select(run, run).mistake()).startsWith("--output " + run + " holds the search itself");
        assertThat(CommandRun.select(directory, unmade).mistake()).contains("is not a run directory");
        assertThat(unmade).doesNotExist();
    }

    @Test
    void selectNamesTheSupernetWhoseLastCheckpointIsGone() throws IOException {
        Path untrained = Runs.copy(run, "untrained", "checkpoints/supernet-2/step-00000004.safetensors");
        Path unmade = directory.resolve("unmade");

        assertThat(CommandRun.select(untrained, unmade).mistake())
                .contains("the last checkpoint of supernet 2 in file:" + untrained + " is damaged or missing");

        assertThat(unmade).doesNotExist();
    }
}
