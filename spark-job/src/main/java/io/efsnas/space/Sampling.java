package io.efsnas.space;

import java.util.List;
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
     * @throws IllegalStateException if a million draws in a row find none
     */
    public static Architecture connected(SearchSpace space, SpacePart part, RandomGenerator random) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            Architecture candidate = any(space, random);
            if (part.contains(candidate) && space.connected(candidate)) {
                return candidate;
            }
        }
        throw none(space, part.label());
    }

    /**
     * An architecture drawn uniformly from the connected ones that make one of the allowed choices at each position.
     *
     * @param allowed the choices of each position
     * @throws IllegalStateException if a million draws in a row find none
     */
    public static Architecture connected(SearchSpace space, List<List<Integer>> allowed, RandomGenerator random) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            Architecture candidate = new Architecture(allowed.stream()
                    .map(choices -> choices.get(random.nextInt(choices.size())))
                    .toList());
            if (space.connected(candidate)) {
                return candidate;
            }
        }
        throw none(space, allowed.toString());
    }

    private static IllegalStateException none(SearchSpace space, String part) {
        return new IllegalStateException("none of " + MOST_TRIES + " random architectures of " + space.name()
                + " is connected and in the part " + part + "; split the space into larger parts");
    }
}
