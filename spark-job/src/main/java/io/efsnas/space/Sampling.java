package io.efsnas.space;

import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** Architectures drawn uniformly from a space, or from a part of it. */
public final class Sampling {

    /** Draws in a row that find nothing, after which a part of a space is taken for too small to be drawn from. */
    private static final int MOST_TRIES = 1_000_000;

    private Sampling() {}

    /** An architecture drawn uniformly from all, unconnected ones included. */
    public static Architecture any(SearchSpace space, RandomGenerator random) {
        return new Architecture(space.choices().stream().map(random::nextInt).toList());
    }

    /**
     * An architecture drawn uniformly from the connected ones of a part of a space.
     *
     * @param part of which an architecture of the space is or is not
     * @param name of the part, for the error
     * @throws IllegalStateException if a million draws in a row find none
     */
    public static Architecture connected(
            SearchSpace space, Predicate<Architecture> part, String name, RandomGenerator random) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            Architecture candidate = any(space, random);
            if (part.test(candidate) && space.connected(candidate)) {
                return candidate;
            }
        }
        throw new IllegalStateException("none of " + MOST_TRIES + " random architectures of " + space.name()
                + " is connected and in " + name + "; split the space into larger parts");
    }
}
