package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches by evolution and at random on embedded Spark, and selections with the supernets of an earlier search. */
class EvolutionIT {

    private static final String SETTINGS =
            """
            seed = 7
            space.groups = [[0, 1], [2], [3]]
            data {
              train = ["%s"]
              train-share = 0.6
              validation-share = 0.2
              limit = 600
            }
            supernet { engine = vector, channels = 2, cells = 1 }
            training { steps = 4, rounds = 2, batch = 16 }
            scoring { batch = 50, images = 100 }
            ranking.rule = accuracy
            ranking.limits.flops = %d
            selection {
              strategy = evolution
              evolution { population = 8, generations = 4, parents = 3, crossover = 3, mutation = 3 }
            }
            """;
    private static final long LIMIT = 80_000_000;

    @TempDir
    private static Path directory;

    private static Path config;
    /** Of an evolution that has ended; no test changes it. */
    private static Path run;

    private static CommandRun search;

    @BeforeAll
    static void search() throws IOException {
        Path images = Path.of("../conf/data/fashion-mnist/t10k-images-idx3-ubyte.gz");
        config = Files.writeString(
                directory.resolve("tiny.conf"),
                SETTINGS.formatted(images.toAbsolutePath().normalize(), LIMIT));
        run = directory.resolve("run");
        search = search(run);
    }

    private static CommandRun search(Path into, String... further) {
        return command(List.of("search", "--config", config.toString(), "--run-dir", into.toString()), further);
    }

    private static CommandRun select(Path from, Path into, String... further) {
        return command(List.of("select", "--run-dir", from.toString(), "--output", into.toString()), further);
    }

    private static CommandRun command(List<String> command, String... further) {
        List<String> arguments = new ArrayList<>(command);
        arguments.addAll(List.of("--master", "local[2]"));
        arguments.addAll(List.of(further));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    @Test
    void evolutionScoresEachArchitectureOnceAndRanksThemAll() throws IOException {
        List<Map<String, String>> individuals = Csv.rows(run.resolve("evolution.csv"));

        assertThat(search.status()).as(search.err()).isZero();
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
                .containsExactlyInAnyOrderElementsOf(
                        individuals.stream().map(row -> row.get("architecture")).toList())
                .doesNotHaveDuplicates();
        assertThat(search.out()).contains("ranked 1 of 32");
    }

    @Test
    void searchThatWasCutShortGoesOnToTheSameResult() throws IOException {
        List<String> scores = Files.readAllLines(run.resolve("scores.csv"));
        Path cut = withScores("cut", scores.subList(0, 1 + 2 * 8));

        CommandRun resumed = search(cut);

        assertThat(resumed.status()).as(resumed.err()).isZero();
        for (String result : List.of("evolution.csv", "ranking.csv", "reliability.json", "selection.json")) {
            assertThat(cut.resolve(result)).hasSameBinaryContentAs(run.resolve(result));
        }
    }

    /** A copy of the run as if it had been killed when it had these scores. */
    private static Path withScores(String name, List<String> scores) throws IOException {
        Path copy = directory.resolve(name);
        FileUtils.copyDirectory(run.toFile(), copy.toFile());
        for (String result : List.of("evolution.csv", "ranking.csv", "selection.json")) {
            Files.delete(copy.resolve(result));
        }
        Files.write(copy.resolve("scores.csv"), scores);
        return copy;
    }

    @Test
    void limitsThatNothingKeepsAreRefusedBeforeTraining() {
        Path unmade = directory.resolve("unmade");

        assertThat(search(unmade, "--set", "ranking.limits.flops=9").mistake())
                .startsWith("ranking.limits: none of ")
                .contains(" meets the limits of 9 FLOPs and any number of parameters");

        assertThat(unmade).doesNotExist();
    }

    @Test
    void selectSearchesAnewWithTheSameSupernets() throws IOException {
        Path selected = directory.resolve("selected");

        CommandRun done =
                select(run, selected, "--set", "selection.strategy=random", "--set", "ranking.limits.flops=100e6");

        assertThat(done.status()).as(done.err()).isZero();
        assertThat(done.out()).contains("selected   ", "results    file:" + selected);
        List<Map<String, String>> individuals = Csv.rows(selected.resolve("evolution.csv"));
        assertThat(individuals).hasSize(32).allMatch(row -> row.get("origin").equals("random"));
        // The first generation is drawn by the same seed from more architectures, so that some are scored by both.
        Function<Path, Stream<String>> scores = directory -> Csv.rows(directory.resolve("evolution.csv")).stream()
                .map(row -> row.get("architecture") + " " + row.get("accuracy") + " " + row.get("loss"));
        assertThat(scores.apply(selected))
                .containsAnyElementsOf(scores.apply(run).toList());
        assertThat(new ObjectMapper()
                        .readTree(selected.resolve("search.json").toFile())
                        .path("supernets")
                        .asText())
                .isEqualTo("file:" + run);
        assertThat(selected.resolve("selection.json")).exists();
        assertThat(selected.resolve("checkpoints")).doesNotExist();
        assertThat(selected.resolve("rounds.json")).doesNotExist();

        assertThat(select(run, selected).mistake())
                .contains("holds another search", "selection.strategy (\"random\" there, \"evolution\" now)");
    }

    @Test
    void otherSelectionSeedDrawsOtherArchitectures() {
        Path other = directory.resolve("other");

        assertThat(select(run, other, "--set", "selection.seed=8").status()).isZero();

        assertThat(Csv.rows(other.resolve("evolution.csv")).get(0).get("architecture"))
                .isNotEqualTo(Csv.rows(run.resolve("evolution.csv")).get(0).get("architecture"));
    }

    @Test
    void selectChangesNothingThatWasTrained() {
        Path unmade = directory.resolve("unmade");

        assertThat(select(run, unmade, "--set", "training.steps=8").mistake())
                .startsWith(
                        "--set training.steps=8 is not accepted; expected a key of ranking, rules, scoring, selection");
        assertThat(select(run, run).mistake()).startsWith("--output " + run + " holds the search itself");
        assertThat(select(directory, unmade).mistake()).contains("is not a run directory");
        assertThat(unmade).doesNotExist();
    }

    @Test
    void selectNamesTheSupernetWhoseLastCheckpointIsGone() throws IOException {
        Path untrained = directory.resolve("untrained");
        FileUtils.copyDirectory(run.toFile(), untrained.toFile());
        Files.delete(untrained.resolve("checkpoints/supernet-2/step-00000004.safetensors"));
        Path unmade = directory.resolve("unmade");

        assertThat(select(untrained, unmade).mistake())
                .contains("the last checkpoint of supernet 2 in file:" + untrained + " is damaged or missing");

        assertThat(unmade).doesNotExist();
    }
}
