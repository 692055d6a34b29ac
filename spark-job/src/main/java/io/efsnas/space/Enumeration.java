package io.efsnas.space;

import java.math.BigInteger;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Every architecture of a space, as long as it is not too large to be listed. */
public final class Enumeration {

    /** Larger spaces are not listed: it would take minutes, and the memory of what is made of the list. */
    private static final BigInteger MOST = BigInteger.valueOf(4_000_000);

    private Enumeration() {}

    /** The number of architectures, unconnected ones included. */
    public static BigInteger size(SearchSpace space) {
        return space.choices().stream().map(BigInteger::valueOf).reduce(BigInteger.ONE, BigInteger::multiply);
    }

    /** Whether the space is small enough to be listed. */
    public static boolean isPossible(SearchSpace space) {
        return size(space).compareTo(MOST) <= 0;
    }

    /**
     * Every architecture, in the order of {@link Architecture#compareTo}.
     *
     * @throws IllegalArgumentException if the space is too large to be listed
     */
    public static Stream<Architecture> of(SearchSpace space) {
        if (!isPossible(space)) {
            throw new IllegalArgumentException(
                    "the search space " + space.name() + " is too large to be listed: it has " + size(space)
                            + " architectures, and lists have at most " + MOST);
        }
        List<Integer> choices = space.choices();
        return LongStream.range(0, size(space).longValueExact()).mapToObj(rank -> {
            Integer[] picked = new Integer[choices.size()];
            long rest = rank;
            for (int position = picked.length - 1; position >= 0; position--) {
                picked[position] = (int) (rest % choices.get(position));
                rest /= choices.get(position);
            }
            return Architecture.of(picked);
        });
    }

    /**
     * Every connected architecture, in the same order.
     *
     * @throws IllegalArgumentException if the space is too large to be listed
     */
    public static Stream<Architecture> connected(SearchSpace space) {
        return of(space).filter(space::connected);
    }
}
