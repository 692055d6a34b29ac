package io.efsnas.space;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * What a {@link SearchSpace} can do as well whose architectures have a number of nonlinear functions, by a rule of its own
 * (Oh, Lee, Ham, <i>Efficient Few-Shot Neural Architecture Search by Counting the Number of Nonlinear Functions</i>, AAAI
 * 2025).
 */
public interface Counted {

    /** How many nonlinear functions the architecture has, by the rule that this space counts them. */
    int nonlinearities(Architecture architecture);

    /**
     * How many connected architectures have each number of nonlinear functions; numbers that none has are absent. A space
     * too large to be listed counts them by dynamic programming, or in closed form.
     */
    SortedMap<Integer, BigInteger> sizes();

    /**
     * An architecture drawn uniformly from the connected ones with some numbers, for a space that can do so without drawing
     * others first, which few may be; empty for one that cannot.
     *
     * @param counts numbers that {@link #sizes} has, each once and at least one
     */
    default Optional<Architecture> sample(List<Integer> counts, RandomGenerator random) {
        return Optional.empty();
    }

    /**
     * The sizes of a space by listing it.
     *
     * @throws IllegalArgumentException if the space is too large for that
     */
    static <S extends SearchSpace & Counted> SortedMap<Integer, BigInteger> listed(S space) {
        SortedMap<Integer, BigInteger> sizes = new TreeMap<>();
        Enumeration.connected(space)
                .forEach(architecture ->
                        sizes.merge(space.nonlinearities(architecture), BigInteger.ONE, BigInteger::add));
        return sizes;
    }

    /**
     * A space as one that counts.
     *
     * @throws IllegalArgumentException if it does not
     */
    static Counted of(SearchSpace space) {
        if (space instanceof Counted counted) {
            return counted;
        }
        throw new IllegalArgumentException("the search space " + space.name() + " counts no nonlinear functions");
    }
}
