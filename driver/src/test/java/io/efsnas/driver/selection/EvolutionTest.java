package io.efsnas.driver.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.efsnas.driver.config.EvolutionConfig;
import io.efsnas.driver.config.Key;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.rule.RankingRule;
import io.efsnas.driver.rule.RankingRuleProvider;
import io.efsnas.space.Architecture;
import io.efsnas.space.ChainSpace;
import io.efsnas.space.Enumeration;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.nasbench201.NasBench201Space;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class EvolutionTest {

    private static final SearchSpace CELLS = new NasBench201Space();
    private static final SearchSpace CHAIN = ChainSpace.MOBILE_NET;
    static final List<SearchSpace> SPACES = List.of(CELLS, CHAIN);

    /** The paper's. */
    private static final EvolutionConfig PAPER = new EvolutionConfig(50, 20, 10, 25, 25, 0.1);

    private static final RankingRule BY_ACCURACY =
            RankingRuleProvider.named("accuracy").create(Map.of());

    @Property(tries = 100)
    void candidatesAreConnectedWithinTheLimitsAndScoredOnce(
            @ForAll("spaces") SearchSpace space,
            @ForAll("configs") EvolutionConfig config,
            @ForAll @IntRange(min = 2, max = 4) int meanChoice,
            @ForAll long seed) {
        int limit = meanChoice * space.choices().size();
        SyntheticScores scores = new SyntheticScores(space.choices());

        List<Individual> individuals =
                evolution(space, limits(limit), config, seed).run(scores, soFar -> {});

        assertThat(scores.asked)
                .doesNotHaveDuplicates()
                .containsExactlyElementsOf(architectures(individuals))
                .allMatch(space::connected)
                .allMatch(architecture -> SyntheticScores.cost(architecture).flops() <= limit);
        assertThat(scores.sizes)
                .hasSizeLessThanOrEqualTo(config.generations())
                .allMatch(size -> size >= 1 && size <= config.population());
    }

    @Property(tries = 100)
    void runAgainItAsksForTheSameScores(
            @ForAll("spaces") SearchSpace space, @ForAll("configs") EvolutionConfig config, @ForAll long seed) {
        SyntheticScores first = new SyntheticScores(space.choices());
        SyntheticScores again = new SyntheticScores(space.choices());

        List<Individual> individuals =
                evolution(space, Limits.NONE, config, seed).run(first, soFar -> {});

        assertThat(evolution(space, Limits.NONE, config, seed).run(again, soFar -> {}))
                .isEqualTo(individuals);
        assertThat(again.asked).isEqualTo(first.asked);
    }

    @Provide
    Arbitrary<SearchSpace> spaces() {
        return Arbitraries.of(SPACES);
    }

    @Provide
    Arbitrary<EvolutionConfig> configs() {
        Arbitrary<Integer> children = Arbitraries.integers().between(0, 5);
        return Combinators.combine(
                        children,
                        children,
                        Arbitraries.integers().between(1, 5),
                        Arbitraries.integers().between(1, 5),
                        Arbitraries.integers().between(1, 20),
                        Arbitraries.of(0.1, 0.5, 1.0))
                .as((crossover, mutation, others, generations, parents, probability) -> new EvolutionConfig(
                        crossover + mutation + others, generations, parents, crossover, mutation, probability));
    }

    @ParameterizedTest
    @FieldSource("SPACES")
    void firstGenerationIsRandomAndLaterOnesAreMostlyChildren(SearchSpace space) {
        EvolutionConfig config = new EvolutionConfig(60, 3, 10, 30, 20, 0.1);

        List<Individual> individuals = evolution(space, Limits.NONE, config, 1).run(scores(space), soFar -> {});

        assertThat(individuals.stream()
                        .collect(Collectors.groupingBy(
                                individual -> individual.generation() + " " + Key.of(individual.origin()),
                                Collectors.counting())))
                .containsOnly(
                        Map.entry("1 random", 60L),
                        Map.entry("2 crossover", 30L),
                        Map.entry("2 mutation", 20L),
                        Map.entry("2 random", 10L),
                        Map.entry("3 crossover", 30L),
                        Map.entry("3 mutation", 20L),
                        Map.entry("3 random", 10L));
    }

    @ParameterizedTest
    @FieldSource("SPACES")
    void findsBetterOnesThanRandomSearch(SearchSpace space) {
        for (long seed = 0; seed < 5; seed++) {
            SyntheticScores evolved = scores(space);
            SyntheticScores random = scores(space);

            evolution(space, Limits.NONE, PAPER, seed).run(evolved, soFar -> {});
            evolution(space, Limits.NONE, PAPER.withoutChildren(), seed).run(random, soFar -> {});

            assertThat(random.asked).hasSameSizeAs(evolved.asked).hasSize(1000);
            assertThat(mean(evolved)).isGreaterThan(mean(random) + 0.1);
            assertThat(best(evolved)).isGreaterThan(best(random) - 1e-9);
        }
    }

    @Test
    void comesCloseToTheBestOfALargeSpace() {
        SyntheticScores evolved = scores(CHAIN);
        SyntheticScores random = scores(CHAIN);

        evolution(CHAIN, Limits.NONE, PAPER, 1).run(evolved, soFar -> {});
        evolution(CHAIN, Limits.NONE, PAPER.withoutChildren(), 1).run(random, soFar -> {});

        assertThat(best(evolved)).isGreaterThan(0.8);
        assertThat(best(random)).isLessThan(0.6);
    }

    @Test
    void otherSeedScoresOtherArchitectures() {
        SyntheticScores one = scores(CELLS);
        SyntheticScores other = scores(CELLS);

        evolution(CELLS, Limits.NONE, PAPER, 1).run(one, soFar -> {});
        evolution(CELLS, Limits.NONE, PAPER, 2).run(other, soFar -> {});

        assertThat(one.asked).doesNotContainSequence(other.asked.subList(0, 3));
    }

    @Test
    void tellsTheIndividualsSoFarAfterEachGeneration() {
        List<Integer> told = new ArrayList<>();
        EvolutionConfig config = new EvolutionConfig(10, 4, 3, 5, 5, 0.1);
        Evolution evolution = evolution(CELLS, Limits.NONE, config, 1);

        evolution.run(scores(CELLS), soFar -> told.add(soFar.size()));

        assertThat(told).containsExactly(10, 20, 30, 40);
    }

    @ParameterizedTest
    @FieldSource("CONFIGS_BEYOND_THE_LIMITS")
    void scoresAllThatKeepTheLimitsWhereTheyAreFewerThanTheBudget(EvolutionConfig config) {
        List<Architecture> within = Enumeration.connected(CELLS)
                .filter(architecture -> SyntheticScores.cost(architecture).flops() <= 5)
                .toList();
        assertThat(within).hasSizeBetween(10, 999);
        SyntheticScores scores = scores(CELLS);

        evolution(CELLS, limits(5), config, 1).run(scores, soFar -> {});

        assertThat(scores.asked).containsExactlyInAnyOrderElementsOf(within);
    }

    static final List<EvolutionConfig> CONFIGS_BEYOND_THE_LIMITS =
            List.of(PAPER, PAPER.withoutChildren(), new EvolutionConfig(1000, 1, 1, 0, 0, 0.1));

    @Test
    void limitsThatNoArchitectureKeepsAreRefused() {
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> new Evolution(CELLS, (any, column) -> 10, limits(9), BY_ACCURACY, PAPER, 1))
                .withMessage(
                        "ranking.limits: none of 100000 random architectures of nas-bench-201 is connected and meets the"
                                + " limits of 9 FLOPs; raise them, so that more of them do");
    }

    private static Evolution evolution(SearchSpace space, Limits limits, EvolutionConfig config, long seed) {
        return new Evolution(
                space,
                (architecture, column) -> SyntheticScores.cost(architecture).flops(),
                limits,
                BY_ACCURACY,
                config,
                seed);
    }

    private static SyntheticScores scores(SearchSpace space) {
        return new SyntheticScores(space.choices());
    }

    private static Limits limits(long flops) {
        return new Limits(new TreeMap<>(Map.of("flops", flops)));
    }

    private static double best(SyntheticScores scores) {
        return scores.asked.stream().mapToDouble(scores::accuracy).max().orElseThrow();
    }

    private static double mean(SyntheticScores scores) {
        return scores.asked.stream().mapToDouble(scores::accuracy).average().orElseThrow();
    }

    private static List<Architecture> architectures(List<Individual> individuals) {
        return individuals.stream()
                .map(individual -> individual.subnet().architecture())
                .toList();
    }
}
