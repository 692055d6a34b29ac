package io.efsnas.driver.selection;

import io.efsnas.driver.config.EvolutionConfig;
import io.efsnas.driver.config.RegularizedEvolutionConfig;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.ranking.RankedSubnet;
import io.efsnas.driver.ranking.Ranking;
import io.efsnas.driver.rule.MeasuredSubnet;
import io.efsnas.driver.rule.RankingRule;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.Collectors;

/**
 * Evolutionary search, as few-shot and one-shot search use it (Oh, Lee, Ham, AAAI 2025; Guo et al., <i>Single Path
 * One-Shot Neural Architecture Search with Uniform Sampling</i>, ECCV 2020): the first generation is random; each later
 * one consists of children of the best architectures scored so far, and of random ones where children are not enough.
 * Every candidate is connected, meets the limits and has not been scored before. Without children it is random search.
 * {@linkplain Ageing Regularized evolution} breeds otherwise and is the same in all else.
 *
 * <p>Random numbers depend on the seed and the generation alone. A search that is run again therefore asks for the same
 * scores in the same order, and goes on where it stopped if these are kept.
 */
public final class Evolution {

    private final SearchSpace space;
    private final Limits limits;
    private final RankingRule rule;
    private final Breeder breeder;
    private final List<Architecture> first;

    /**
     * @param cost the cost of an architecture as the final network, by the cost's column
     * @param rule the rule that finds the best of all that was measured so far
     * @throws UserMistake if no architecture is found that meets the limits
     */
    public Evolution(
            SearchSpace space,
            ToDoubleBiFunction<Architecture, String> cost,
            Limits limits,
            RankingRule rule,
            EvolutionConfig config,
            long seed) {
        this(space, limits, rule, new Breeding(space, within(limits, cost), config, seed));
    }

    /** The same by regularized evolution. */
    public Evolution(
            SearchSpace space,
            ToDoubleBiFunction<Architecture, String> cost,
            Limits limits,
            RankingRule rule,
            RegularizedEvolutionConfig config,
            long seed) {
        this(space, limits, rule, new Ageing(space, within(limits, cost), config, seed));
    }

    private static Predicate<Architecture> within(Limits limits, ToDoubleBiFunction<Architecture, String> cost) {
        Limits known = limits.ofCosts();
        return architecture -> known.metBy(column -> cost.applyAsDouble(architecture, column));
    }

    private Evolution(SearchSpace space, Limits limits, RankingRule rule, Breeder breeder) {
        this.space = space;
        this.limits = limits;
        this.rule = rule;
        this.breeder = breeder;
        this.first = List.copyOf(breeder.candidates(1, List.of(), List.of()).keySet());
        if (first.isEmpty()) {
            throw new UserMistake("ranking.limits: none of " + Brood.RANDOM_MISSES
                    + " random architectures of " + space.name() + " is connected and meets the limits of " + limits
                    + "; raise them, so that more of them do");
        }
    }

    /** The architectures of the first generation, at least one. */
    public List<Architecture> first() {
        return first;
    }

    /** How many generations there are at most. */
    public int generations() {
        return breeder.generations();
    }

    /** How many architectures all generations have together at most. */
    public long budget() {
        return breeder.budget();
    }

    /**
     * Runs to the last generation, or to the first for which no new candidate is found.
     *
     * @param scorer gives the row of each of some architectures, in any order; never asked for one twice
     * @param generationEnded called with all individuals so far after each generation
     * @return every scored architecture in the order of the generations
     */
    public List<Individual> run(
            Function<List<Architecture>, List<MeasuredSubnet>> scorer, Consumer<List<Individual>> generationEnded) {
        List<Individual> individuals = new ArrayList<>();
        for (int i = 1; i <= breeder.generations(); i++) {
            int generation = i;
            Map<Architecture, Origin> candidates = breeder.candidates(
                    generation,
                    individuals.stream()
                            .map(individual -> individual.subnet().architecture())
                            .toList(),
                    ranked(individuals));
            if (candidates.isEmpty()) {
                break;
            }
            Map<Architecture, MeasuredSubnet> scores = scorer.apply(List.copyOf(candidates.keySet())).stream()
                    .collect(Collectors.toMap(MeasuredSubnet::architecture, Function.identity()));
            candidates.forEach((architecture, origin) ->
                    individuals.add(new Individual(generation, origin, scores.get(architecture))));
            generationEnded.accept(List.copyOf(individuals));
        }
        return individuals;
    }

    private List<Architecture> ranked(List<Individual> individuals) {
        List<MeasuredSubnet> subnets =
                individuals.stream().map(Individual::subnet).toList();
        return Ranking.of(space, subnets, rule).subnets().stream()
                .filter(subnet -> limits.metBy(subnet::value)) // what was measured now may exceed one
                .map(RankedSubnet::architecture)
                .toList();
    }
}
