package io.efsnas.driver.selection;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.driver.config.EvolutionConfig;
import io.efsnas.driver.config.RegularizedEvolutionConfig;
import io.efsnas.driver.rule.RankingRule;
import io.efsnas.driver.rule.RankingRuleProvider;
import io.efsnas.space.Architecture;
import io.efsnas.space.ChainSpace;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.nasbench201.NasBench201Space;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Regularized evolution. */
class AgeingTest {

    private static final SearchSpace CELLS = new NasBench201Space();
    private static final SearchSpace CHAIN = ChainSpace.MOBILE_NET;

    private static final RankingRule BY_ACCURACY =
            RankingRuleProvider.named("accuracy").create(Map.of());

    @Property(tries = 100)
    void spendsTheBudgetOnNewArchitecturesWithinTheLimits(
            @ForAll @IntRange(min = 1, max = 10) int population,
            @ForAll @IntRange(min = 1, max = 10) int sample,
            @ForAll @IntRange(min = 0, max = 60) int later,
            @ForAll @IntRange(min = 1, max = 10) int children,
            @ForAll long seed) {
        RegularizedEvolutionConfig config =
                new RegularizedEvolutionConfig(population, sample, Math.min(children, population), population + later);
        SyntheticScores scores = new SyntheticScores(CELLS.choices());
        SyntheticScores again = new SyntheticScores(CELLS.choices());
        Limits limits = new Limits(new TreeMap<>(Map.of("flops", 15L)));

        List<Individual> individuals = evolution(CELLS, limits, config, seed).run(scores, soFar -> {});

        assertThat(scores.asked)
                .hasSize(config.architectures())
                .doesNotHaveDuplicates()
                .allMatch(CELLS::connected)
                .allMatch(architecture -> SyntheticScores.cost(architecture).flops() <= 15);
        assertThat(scores.sizes).hasSize(evolution(CELLS, limits, config, seed).generations());
        assertThat(evolution(CELLS, limits, config, seed).run(again, soFar -> {}))
                .isEqualTo(individuals);
    }

    /** With samples in which the best is as good as always. */
    @Test
    void childrenAreNeighboursOfTheBestThatLivesAndNotOfTheBestEver() {
        int population = 6;
        int children = 2;
        RegularizedEvolutionConfig config = new RegularizedEvolutionConfig(population, 1000, children, 150);
        SyntheticScores scores = new SyntheticScores(CHAIN.choices());

        List<Individual> individuals = evolution(CHAIN, Limits.NONE, config, 3).run(scores, soFar -> {});

        List<Architecture> all = individuals.stream()
                .map(individual -> individual.subnet().architecture())
                .toList();
        int ofOthers = 0;
        for (int from = population; from < all.size(); from += children) {
            Architecture living = best(all.subList(from - population, from), scores);
            Architecture ever = best(all.subList(0, from), scores);
            for (Architecture child : all.subList(from, from + children)) {
                assertThat(distance(child, living)).isEqualTo(1);
                ofOthers += distance(child, ever) == 1 ? 0 : 1;
            }
        }
        assertThat(ofOthers).isPositive();
        assertThat(individuals.subList(population, 150)).allMatch(child -> child.origin() == Origin.MUTATION);
        assertThat(individuals.get(149).generation()).isEqualTo(73);
    }

    /** As rankings break ties. */
    private static Architecture best(List<Architecture> some, SyntheticScores scores) {
        return some.stream()
                .min(Comparator.comparingDouble((Architecture each) -> -scores.accuracy(each))
                        .thenComparing(each -> SyntheticScores.cost(each).flops())
                        .thenComparing(CHAIN::format))
                .orElseThrow();
    }

    private static long distance(Architecture a, Architecture b) {
        return IntStream.range(0, a.choices().size())
                .filter(position -> a.choice(position) != b.choice(position))
                .count();
    }

    @Test
    void findsBetterOnesThanRandomSearch() {
        List<Double> differences = new ArrayList<>();
        for (long seed = 0; seed < 5; seed++) {
            SyntheticScores evolved = new SyntheticScores(CHAIN.choices());
            SyntheticScores random = new SyntheticScores(CHAIN.choices());

            evolution(CHAIN, Limits.NONE, new RegularizedEvolutionConfig(20, 10, 1, 300), seed)
                    .run(evolved, soFar -> {});
            new Evolution(
                            CHAIN,
                            (architecture, column) ->
                                    SyntheticScores.cost(architecture).flops(),
                            Limits.NONE,
                            BY_ACCURACY,
                            new EvolutionConfig(300, 1, 1, 0, 0, 0.1),
                            seed)
                    .run(random, soFar -> {});

            differences.add(best(evolved) - best(random));
        }
        assertThat(differences).allSatisfy(difference -> assertThat(difference).isGreaterThan(0.1));
    }

    private static double best(SyntheticScores scores) {
        return scores.asked.stream().mapToDouble(scores::accuracy).max().orElseThrow();
    }

    private static Evolution evolution(SearchSpace space, Limits limits, RegularizedEvolutionConfig config, long seed) {
        return new Evolution(
                space,
                (architecture, column) -> SyntheticScores.cost(architecture).flops(),
                limits,
                BY_ACCURACY,
                config,
                seed);
    }
}
