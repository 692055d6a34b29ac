package io.efsnas.space;

import java.math.BigInteger;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Every architecture of a space, as long as they are not too many to be listed. */
public final class Enumeration {

    /** More are not listed: it would take minutes, and the memory of what is made of the list. */
    private static final BigInteger MOST = BigInteger.valueOf(4_000_000);

    private Enumeration() {}

    /** The number of architectures, unconnected ones included. */
    public static BigInteger size(SearchSpace space) {
        return size(all(space));
    }

    private static BigInteger size(List<List<Integer>> allowed) {
        return allowed.stream().map(List::size).map(BigInteger::valueOf).reduce(BigInteger.ONE, BigInteger::multiply);
    }

    private static List<List<Integer>> all(SearchSpace space) {
        return space.choices().stream()
                .map(count -> IntStream.range(0, count).boxed().toList())
                .toList();
    }

    /** Whether the space is small enough to be listed. */
    public static boolean isPossible(SearchSpace space) {
        return isPossible(all(space));
    }

    /**
     * Whether there are few enough architectures to be listed.
     *
     * @param allowed the choices of each position
     */
    public static boolean isPossible(List<List<Integer>> allowed) {
        return size(allowed).compareTo(MOST) <= 0;
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
        return of(all(space));
    }

    /**
     * Every architecture that makes one of the allowed choices at each position, connected or not; in the order of {@link
     * Architecture#compareTo} if choices are ascending.
     *
     * @param allowed the choices of each position
     * @throws IllegalArgumentException if there are too many to be listed
     */
    public static Stream<Architecture> of(List<List<Integer>> allowed) {
        if (!isPossible(allowed)) {
            throw new IllegalArgumentException(
                    size(allowed) + " architectures are too many to be listed; lists have at most " + MOST);
        }
        return LongStream.range(0, size(allowed).longValueExact()).mapToObj(rank -> {
            Integer[] picked = new Integer[allowed.size()];
            long rest = rank;
            for (int position = picked.length - 1; position >= 0; position--) {
                List<Integer> choices = allowed.get(position);
                picked[position] = choices.get((int) (rest % choices.size()));
                rest /= choices.size();
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
