package io.efsnas.driver.selection;

import io.efsnas.driver.config.RegularizedEvolutionConfig;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.space.Architecture;
import io.efsnas.space.Sampling;
import io.efsnas.space.SearchSpace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Breeding in which architectures die of age (Real, Aggarwal, Huang, Le, <i>Regularized Evolution for Image Classifier
 * Architecture Search</i>, AAAI 2019): the best of a random sample of those that live has a child, which has another choice at
 * one position, and for each child the oldest one dies. What lives are therefore the youngest, as many as the population.
 *
 * <p>There, a generation is one child, and a child may be an architecture that was trained before. Here, all children of a
 * generation have parents that lived when it began; and since the same architecture would get the same values, it is drawn
 * again.
 */
final class Ageing implements Breeder {

    private final SearchSpace space;
    private final Predicate<Architecture> allowed;
    private final RegularizedEvolutionConfig config;
    private final long seed;

    /**
     * @param allowed whether an architecture that is connected may be a candidate
     */
    Ageing(SearchSpace space, Predicate<Architecture> allowed, RegularizedEvolutionConfig config, long seed) {
        this.space = space;
        this.allowed = allowed;
        this.config = config;
        this.seed = seed;
    }

    @Override
    public int generations() {
        int later = config.architectures() - config.population();
        return 1 + later / config.children() + (later % config.children() > 0 ? 1 : 0);
    }

    @Override
    public long budget() {
        return config.architectures();
    }

    @Override
    public Map<Architecture, Origin> candidates(int generation, List<Architecture> scored, List<Architecture> ranked) {
        SplittableRandom random = KeyedRandom.of(seed, Purpose.EVOLUTION, generation);
        Brood brood = new Brood(space, allowed, Set.copyOf(scored));
        int wanted = Math.min(
                scored.isEmpty() ? config.population() : config.children(), config.architectures() - scored.size());
        if (!scored.isEmpty()) {
            List<Architecture> living = scored.subList(Math.max(0, scored.size() - config.population()), scored.size());
            Map<Architecture, Integer> ranks = new HashMap<>();
            ranked.forEach(architecture -> ranks.put(architecture, ranks.size()));
            brood.add(
                    Origin.MUTATION,
                    wanted,
                    Brood.CHILD_MISSES,
                    () -> mutation(bestOfASample(living, ranks, random), random));
        }
        brood.add(
                Origin.RANDOM,
                wanted - brood.candidates().size(),
                Brood.RANDOM_MISSES,
                () -> Sampling.any(space, random));
        return brood.candidates();
    }

    private Architecture bestOfASample(
            List<Architecture> living, Map<Architecture, Integer> ranks, SplittableRandom random) {
        return Stream.generate(() -> living.get(random.nextInt(living.size())))
                .limit(config.sample())
                .min(Comparator.comparing(ranks::get))
                .orElseThrow();
    }

    private Architecture mutation(Architecture parent, SplittableRandom random) {
        List<Integer> choices = new ArrayList<>(parent.choices());
        int position = random.nextInt(choices.size());
        int number = space.choices().get(position);
        int further = number == 1 ? 0 : 1 + random.nextInt(number - 1);
        choices.set(position, (choices.get(position) + further) % number);
        return new Architecture(choices);
    }
}
