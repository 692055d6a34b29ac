package io.efsnas.training.scheme;

import io.efsnas.space.Architecture;
import io.efsnas.split.Subspace;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Draws two subnets that have as few choices in common as their subspace allows. */
final class UnlikeSubnets {

    /** Draws of two subnets in a row, after which a subspace is taken to have no two without a choice in common. */
    private static final int MOST_TRIES = 100;

    /** How many are drawn where a choice can rule out others, to find the one that is least like another. */
    private static final int COMPARED = 16;

    private UnlikeSubnets() {}

    /** Two of a subspace. */
    static List<Architecture> of(Subspace subspace, RandomGenerator random) {
        return subspace.product()
                .flatMap(choices -> disjoint(subspace, choices, random))
                .orElseGet(() -> unlike(subspace, random));
    }

    /** Two that make different choices wherever there are two; empty if many draws find none. */
    private static Optional<List<Architecture>> disjoint(
            Subspace subspace, List<List<Integer>> choices, RandomGenerator random) {
        return Stream.generate(() -> drawn(choices, random))
                .limit(MOST_TRIES)
                .filter(pair -> pair.stream().allMatch(subspace.space()::connected))
                .findFirst();
    }

    private static List<Architecture> drawn(List<List<Integer>> choices, RandomGenerator random) {
        Integer[] one = new Integer[choices.size()];
        Integer[] other = new Integer[choices.size()];
        for (int position = 0; position < one.length; position++) {
            List<Integer> here = choices.get(position);
            int first = random.nextInt(here.size());
            int further = here.size() == 1 ? 0 : 1 + random.nextInt(here.size() - 1);
            one[position] = here.get(first);
            other[position] = here.get((first + further) % here.size());
        }
        return List.of(Architecture.of(one), Architecture.of(other));
    }

    /** One of the subspace, and, of some others, the one that makes the fewest of its choices. */
    private static List<Architecture> unlike(Subspace subspace, RandomGenerator random) {
        Architecture one = subspace.sample(random);
        Architecture other = Stream.generate(() -> subspace.sample(random))
                .limit(COMPARED)
                .min(Comparator.comparingLong(any -> choicesInCommon(one, any)))
                .orElseThrow();
        return List.of(one, other);
    }

    private static long choicesInCommon(Architecture one, Architecture other) {
        return IntStream.range(0, one.choices().size())
                .filter(position -> one.choice(position) == other.choice(position))
                .count();
    }
}
