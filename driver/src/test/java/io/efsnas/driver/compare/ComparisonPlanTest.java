package io.efsnas.driver.compare;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.driver.config.CompareConfig;
import io.efsnas.driver.config.ScoredArchitectures.Listed;
import io.efsnas.driver.config.ScoredArchitectures.Sampled;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonPlanTest {

    private static final String SETTINGS =
            """
            seed = 7
            space { groups = [[0, 1], [2], [3]] }
            network { channels = 2, cells = 1 }
            data {
              train = ["%s"]
              train-share = 0.6
              validation-share = 0.2
              limit = 600
            }
            supernet { engine = vector, channels = 2 }
            training { steps = 1000, rounds = 4, batch = 16 }
            scoring { batch = 50, images = 100, architectures = 4 }
            """
                    .formatted(Path.of("../conf/data/fashion-mnist/t10k-images-idx3-ubyte.gz")
                            .toAbsolutePath()
                            .normalize());

    @TempDir
    private Path directory;

    private ComparisonPlan plan(String compare) throws IOException {
        Path file = Files.writeString(directory.resolve("compare.conf"), SETTINGS + "compare { " + compare + " }\n");
        return ComparisonPlan.of(
                CompareConfig.load(Optional.of(file), List.of()),
                new RunDirectory(directory.resolve("run").toString(), new Configuration()));
    }

    @Test
    void everyTrainingCostsTheSame() throws IOException {
        ComparisonPlan plan = plan(
                """
                strategies = [one-shot, efs-nas, few-shot-nas, gm-nas, fair-nas, greedy-nas, training-free]
                variants {
                  gm-nas.splitters.gradient.batches = 2
                  greedy-nas.schemes.greedy { candidates = 10, trained = 5, images = 48, uniform-until = 0.5 }
                }
                """);

        Map<String, Integer> steps = plan.searches().stream()
                .collect(toMap(
                        ComparedSearch::strategy,
                        search -> search.config().training().steps()));
        assertThat(plan.cost()).isEqualTo(3000); // three supernets of the configuration's own
        assertThat(steps)
                .containsEntry("one-shot", 3000)
                .containsEntry("efs-nas", 1000)
                .containsEntry("few-shot-nas", 600) // an edge has five operations
                // two batches, six edges of five operations, three supernets that are split into four at the end
                .containsEntry("gm-nas", (3000 - 3 * 2 * 6 * 5) / 4)
                .containsEntry("fair-nas", 600) // five subnets a step
                // half of the steps are preceded by two forward passes on three batches, each a third of a step
                .containsEntry("greedy-nas", 3000 / 2);
        assertThat(plan.searches()).allSatisfy(search -> {
            if (search.strategy().equals("training-free")) {
                assertThat(search.allotment().cost()).isZero();
            } else {
                assertThat(search.allotment().cost())
                        .isCloseTo(3000, within(10.0))
                        .isLessThanOrEqualTo(3000);
            }
        });
    }

    /**
     * Four phases of a quarter of the steps each, of 1, 2, 4 and 8 supernets; a step also runs its parent and siblings forward,
     * 0, 2, 4 and 8 of them, each of which is a third of a step. Two batches measure six edges of five operations, and each of
     * the 14 supernets of which one is kept scores three subnets on two batches.
     */
    @Test
    void teachersAndSupernetsThatAreDroppedArePartOfTheCost() throws IOException {
        ComparisonPlan plan = plan(
                """
                strategies = [hep-nas, one-shot], variants {
                  hep-nas.splitters.hierarchy { batches = 2, subnets = 3, images = 32 }
                }
                """);

        double perStep = (1 + 2 * (1 + 2 / 3.0) + 4 * (1 + 4 / 3.0) + 8 * (1 + 8 / 3.0)) / 4;
        double splits = 2 * 6 * 5 + 14 * 3 * 2 / 3.0;
        ComparedSearch search = plan.searches().get(0);
        assertThat(search.config().training().steps()).isEqualTo((int) ((3000 - splits) / perStep));
        assertThat(search.allotment().cost()).isCloseTo(3000, within(perStep)).isLessThanOrEqualTo(3000);
        // the parts of a phase train side by side, a step with its teachers after another
        assertThat(search.allotment().inARow())
                .isCloseTo(search.allotment().steps() * (4 + (2 + 4 + 8) / 3.0) / 4, within(1e-6));
        assertThat(search.config().scoring().architectures())
                .as("of its own part, where a sample of the space has next to nothing")
                .isEqualTo(new Sampled(4));
        assertThat(plan.searches().get(1).config().scoring().architectures()).isInstanceOf(Listed.class);
    }

    /** After a quarter of the steps, each of five supernets also runs its parent and its four siblings forward. */
    @Test
    void supernetsThatAreAllKeptMayTeachEachOther() throws IOException {
        ComparisonPlan plan = plan(
                """
                strategies = [taught, few-shot-nas], variants {
                  taught { strategy = few-shot-nas, training.scheme = mutual }
                }
                """);

        assertThat(plan.searches().get(0).config().training().steps())
                .isEqualTo((int) (3000 / (5 + 0.75 * 5 * 5 / 3.0)));
        assertThat(plan.searches().get(1).config().training().steps()).isEqualTo(600);
    }

    @Test
    void whatOneDeviceDoesInARow() throws IOException {
        ComparisonPlan plan = plan("strategies = [one-shot, efs-nas-independent, efs-nas, few-shot-nas]");

        assertThat(plan.searches().stream().map(search -> search.allotment().inARow()))
                // half of all in a warm start, and then half of one supernet's; few-shot-nas has five supernets, whose
                // warm
                // start takes a quarter
                .containsExactly(3000.0, 1000.0, 500.0 * 3 + 500, 150.0 * 5 + 450);
    }

    @Test
    void searchesOfASeedScoreTheSameArchitectures() throws IOException {
        ComparisonPlan plan = plan("strategies = [one-shot, few-shot-nas], seeds = [3, -4]");

        assertThat(plan.searches().stream().map(ComparedSearch::name))
                .containsExactly("one-shot-seed-3", "one-shot-seed--4", "few-shot-nas-seed-3", "few-shot-nas-seed--4");
        assertThat(plan.common())
                .extracting(common -> common.architectures().size())
                .containsExactly(12, 12);
        assertThat(plan.common().get(0).architectures())
                .isNotEqualTo(plan.common().get(1).architectures());
        assertThat(plan.searches())
                .allSatisfy(search -> assertThat(search.config().scoring().architectures())
                        .isEqualTo(new Listed("file:"
                                + directory.resolve("run/architectures-seed-"
                                        + search.config().seed() + ".csv"))));
    }

    @Test
    void withATableItsArchitecturesAreScored() throws IOException {
        Path table = Files.writeString(
                directory.resolve("truth.csv"),
                "architecture,test_accuracy\n|nor_conv_3x3~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|,91.5\n");

        ComparisonPlan plan = plan("strategies = [one-shot], table = truth.csv");

        assertThat(plan.common()).isEmpty();
        assertThat(plan.searches().get(0).config().scoring().architectures()).isEqualTo(new Listed("file:" + table));
        assertThat(plan.truth().orElseThrow().toRecord().best()).isEqualTo(91.5);
    }

    @Test
    void networksThatAreTrainedByThemselvesShareTheCost() throws IOException {
        ComparisonPlan plan = plan(
                """
                strategies = [random-search, regularized-evolution, training-free, efs-nas, one-shot]
                variants {
                  random-search.selection.evolution { population = 5, generations = 2 }
                  regularized-evolution.selection.regularized-evolution { population = 5, sample = 5, architectures = 20 }
                }
                """);

        assertThat(plan.searches().stream().map(search -> search.allotment().cost()))
                .containsExactly(3000.0, 3000.0, 0.0, 3000.0, 3000.0);
        assertThat(plan.searches().subList(0, 2).stream()
                        .map(search -> search.config().measures().settings().get("short-training")))
                .containsExactly(Map.of("steps", 300), Map.of("steps", 150));
        assertThat(plan.searches().get(0).measured())
                .as("other steps are another measurement")
                .isNotEqualTo(plan.searches().get(1).measured());
        assertThat(plan.searches().subList(2, 5).stream()
                        .map(ComparedSearch::measured)
                        .distinct())
                .as("of untrained networks, however many supernets there are")
                .hasSize(1);
    }

    @Test
    void tooLittleForWhatIsMeasured() {
        assertThatThrownBy(() -> plan("strategies = [one-shot, gm-nas], cost = 9000"))
                .isInstanceOf(UserMistake.class)
                .hasMessage(
                        "compare.cost: 9,000 is too little for strategy gm-nas, which needs at least 9,016 for 4 step(s)"
                                + " and what it measures");
    }

    @Test
    void tooMuchToBeCounted() {
        assertThatThrownBy(() -> plan("strategies = [one-shot], cost = 1e12"))
                .isInstanceOf(UserMistake.class)
                .hasMessageContaining("is too much for strategy one-shot, which would take 2^31 steps or more");
    }

    @Test
    void networksThatShareACostOfAutoArePartOfIt() throws IOException {
        Path file = Files.writeString(
                directory.resolve("compare.conf"),
                SETTINGS + "strategy = random-search, selection.evolution { population = 50, generations = 2 }\n"
                        + "measures.short-training.steps = 30, compare.strategies = [one-shot]\n");

        ComparisonPlan plan = ComparisonPlan.of(
                CompareConfig.load(Optional.of(file), List.of()),
                new RunDirectory(directory.resolve("run").toString(), new Configuration()));

        assertThat(plan.cost()).isEqualTo(50 * 2 * 30);
    }

    @Test
    void aStrategyThatTheImagesDoNotSuitIsNamed() {
        assertThatThrownBy(() -> plan("strategies = [greedy-nas], variants.greedy-nas.schemes.greedy.images = 500"))
                .isInstanceOf(UserMistake.class)
                .hasMessageStartingWith(
                        "strategy greedy-nas: training.scheme: greedy is not accepted; it is set to judge");
    }

    /** It would cost less than the others. */
    @Test
    void aStrategyThatMayEndEarlyIsRefused() {
        assertThatThrownBy(
                        () -> plan(
                                "strategies = [one-shot, greedy-nas], variants.greedy-nas.schemes.greedy { images = 48, stop-overlap = 0.92 }"))
                .isInstanceOf(UserMistake.class)
                .hasMessageStartingWith(
                        "strategy greedy-nas: training.scheme: greedy is not accepted; it is set to end training early");
    }
}
