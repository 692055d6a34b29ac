package io.efsnas.driver.selection;

import io.efsnas.driver.config.EvolutionConfig;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.space.Architecture;
import io.efsnas.space.Sampling;
import io.efsnas.space.SearchSpace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The genetic operators, on architectures as lists of choices: a child by crossover has each of its choices from either
 * parent with equal probability; a child by mutation has each choice of its parent, or, with the configured
 * probability, one drawn uniformly.
 */
final class Breeding {

    /** Draws in a row that are no new candidate, after which a generation has no more children. */
    private static final int CHILD_MISSES = 100;

    /** The same for random architectures; enough to find what few a tight limit leaves of a small space. */
    static final int RANDOM_MISSES = 100_000;

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

    /**
     * The candidates of a generation, which are decided by the seed and the arguments alone. They are fewer than the
     * population if many draws in a row find no more.
     *
     * @param parents the parents of the children; empty for a generation without children
     * @param scored architectures that are no longer candidates
     */
    Map<Architecture, Origin> candidates(int generation, List<Architecture> parents, Set<Architecture> scored) {
        SplittableRandom random = KeyedRandom.of(seed, Purpose.EVOLUTION, generation);
        Brood brood = new Brood(scored);
        if (!parents.isEmpty()) {
            brood.add(
                    Origin.CROSSOVER,
                    config.crossover(),
                    CHILD_MISSES,
                    () -> crossover(oneOf(parents, random), oneOf(parents, random), random));
            brood.add(Origin.MUTATION, config.mutation(), CHILD_MISSES, () -> mutation(oneOf(parents, random), random));
        }
        brood.add(
                Origin.RANDOM,
                config.population() - brood.candidates.size(),
                RANDOM_MISSES,
                () -> Sampling.any(space, random));
        return brood.candidates;
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

    /** A generation in the making. */
    private final class Brood {
        private final Set<Architecture> scored;
        private final Map<Architecture, Origin> candidates = new LinkedHashMap<>();

        Brood(Set<Architecture> scored) {
            this.scored = scored;
        }

        void add(Origin origin, int wanted, int mostMisses, Supplier<Architecture> draw) {
            int full = candidates.size() + wanted;
            int misses = 0;
            while (candidates.size() < full && misses < mostMisses) {
                Architecture drawn = draw.get();
                if (isNew(drawn) && space.connected(drawn) && allowed.test(drawn)) {
                    candidates.put(drawn, origin);
                    misses = 0;
                } else {
                    misses++;
                }
            }
        }

        private boolean isNew(Architecture architecture) {
            return !scored.contains(architecture) && !candidates.containsKey(architecture);
        }
    }
}
