package io.efsnas.split;

import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.SpacePart;
import java.io.Serializable;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The architectures of a space that one supernet serves. Immutable. */
public interface Subspace extends SpacePart, Serializable {

    /** The space that it is a part of. */
    SearchSpace space();

    /**
     * A connected architecture drawn uniformly.
     *
     * @throws IllegalStateException if many draws find none
     */
    Architecture sample(RandomGenerator random);

    /**
     * The choices of each position, if it has every architecture that can be put together from them; empty if the choice
     * at one position can rule out choices at another.
     */
    default Optional<List<List<Integer>>> product() {
        return Optional.empty();
    }

    /** How many connected architectures it holds; empty if they are too many to be counted. */
    Optional<BigInteger> size();

    /** Whether it holds so many connected architectures; one whose architectures cannot be counted is taken to. */
    default boolean hasAtLeast(int architectures) {
        return size().map(size -> size.compareTo(BigInteger.valueOf(architectures)) >= 0)
                .orElse(true);
    }
}
