package io.efsnas.driver.selection;

import io.efsnas.driver.config.EvolutionConfig;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.space.Architecture;
import io.efsnas.space.Sampling;
import io.efsnas.space.SearchSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * The genetic operators, on architectures as lists of choices: a child by crossover has each of its choices from either
 * parent with equal probability; a child by mutation has each choice of its parent, or, with the configured
 * probability, one drawn uniformly.
 */
final class Breeding implements Breeder {

    private final SearchSpace space;
    private final Predicate<Architecture> allowed;
    private final EvolutionConfig config;
    private final long seed;

    /**
     * @param allowed whether an architecture that is connected may be a candidate
     */
    Breeding(SearchSpace space, Predicate<Architecture> allowed, EvolutionConfig config, long seed) {
        this.space = space;
        this.allowed = allowed;
        this.config = config;
        this.seed = seed;
    }

    @Override
    public int generations() {
        return config.generations();
    }

    @Override
    public long budget() {
        return (long) config.population() * config.generations();
    }

    @Override
    public Map<Architecture, Origin> candidates(int generation, List<Architecture> scored, List<Architecture> ranked) {
        SplittableRandom random = KeyedRandom.of(seed, Purpose.EVOLUTION, generation);
        Brood brood = new Brood(space, allowed, Set.copyOf(scored));
        List<Architecture> parents = ranked.subList(0, Math.min(config.parents(), ranked.size()));
        if (!parents.isEmpty()) {
            brood.add(
                    Origin.CROSSOVER,
                    config.crossover(),
                    Brood.CHILD_MISSES,
                    () -> crossover(oneOf(parents, random), oneOf(parents, random), random));
            brood.add(
                    Origin.MUTATION,
                    config.mutation(),
                    Brood.CHILD_MISSES,
                    () -> mutation(oneOf(parents, random), random));
        }
        brood.add(
                Origin.RANDOM,
                config.population() - brood.candidates().size(),
                Brood.RANDOM_MISSES,
                () -> Sampling.any(space, random));
        return brood.candidates();
    }

    private static Architecture oneOf(List<Architecture> parents, SplittableRandom random) {
        return parents.get(random.nextInt(parents.size()));
    }

    private static Architecture crossover(Architecture mother, Architecture father, SplittableRandom random) {
        List<Integer> choices = new ArrayList<>();
        for (int position = 0; position < mother.choices().size(); position++) {
            choices.add((random.nextBoolean() ? mother : father).choice(position));
        }
        return new Architecture(choices);
    }

    private Architecture mutation(Architecture parent, SplittableRandom random) {
        List<Integer> choices = new ArrayList<>(parent.choices());
        for (int position = 0; position < choices.size(); position++) {
            if (random.nextDouble() < config.mutationProbability()) {
                choices.set(position, random.nextInt(space.choices().get(position)));
            }
        }
        return new Architecture(choices);
    }
}
