package io.efsnas.training;

import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * Leaves out operations of subnets at random, so that weights learn to work without each other (path dropout: Bender et
 * al., <i>Understanding and Simplifying One-Shot Architecture Search</i>, ICML 2018, who drop inputs of a cell's nodes).
 * What is left out becomes the choice that computes nothing ({@link SearchSpace#emptyChoice}), so that the engine runs a
 * subnet like any other.
 */
final class PathDropout {

    /** Draws in a row that leave no connected architecture, after which a subnet keeps all. */
    private static final int MOST_TRIES = 1_000;

    private PathDropout() {}

    /**
     * A subnet without some of its operations. Each is left out with the same probability, independently of the others;
     * a draw after which the image does not reach the output is drawn again.
     *
     * @param probability 0 to below 1
     */
    static Architecture of(SearchSpace space, Architecture subnet, double probability, RandomGenerator random) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            Architecture left = draw(space, subnet, probability, random);
            if (space.connected(left)) {
                return left;
            }
        }
        return subnet;
    }

    private static Architecture draw(
            SearchSpace space, Architecture subnet, double probability, RandomGenerator random) {
        List<Integer> choices = new ArrayList<>(subnet.choices());
        for (int position = 0; position < choices.size(); position++) {
            OptionalInt empty = space.emptyChoice(position);
            if (empty.isPresent() && random.nextDouble() < probability) {
                choices.set(position, empty.getAsInt());
            }
        }
        return new Architecture(choices);
    }
}
