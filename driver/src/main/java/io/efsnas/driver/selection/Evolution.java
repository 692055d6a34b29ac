package io.efsnas.driver.selection;

import io.efsnas.driver.config.EvolutionConfig;
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
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.Collectors;

/**
 * Evolutionary search, as few-shot and one-shot search use it (Oh, Lee, Ham, AAAI 2025; Guo et al., <i>Single Path
 * One-Shot Neural Architecture Search with Uniform Sampling</i>, ECCV 2020): the first generation is random; each later
 * one consists of children of the best architectures scored so far, and of random ones where children are not enough.
 * Every candidate is connected, meets the limits and has not been scored before. Without children it is random search.
 *
 * <p>Random numbers depend on the seed and the generation alone. A search that is run again therefore asks for the same
 * scores in the same order, and goes on where it stopped if these are kept.
 */
public final class Evolution {

    private final SearchSpace space;
    private final RankingRule rule;
    private final EvolutionConfig config;
    private final Breeding breeding;

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
        this.space = space;
        this.rule = rule;
        this.config = config;
        this.breeding = new Breeding(
                space, architecture -> limits.metBy(column -> cost.applyAsDouble(architecture, column)), config, seed);
        if (breeding.candidates(1, List.of(), Set.of()).isEmpty()) {
            throw new UserMistake("ranking.limits: none of " + Breeding.RANDOM_MISSES
                    + " random architectures of " + space.name() + " is connected and meets the limits of " + limits
                    + "; raise them, so that more of them do");
        }
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
        for (int i = 1; i <= config.generations(); i++) {
            int generation = i;
            List<Architecture> ranked = ranked(individuals);
            Map<Architecture, Origin> candidates = breeding.candidates(
                    generation, ranked.subList(0, Math.min(config.parents(), ranked.size())), Set.copyOf(ranked));
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
                .map(RankedSubnet::architecture)
                .toList();
    }
}
