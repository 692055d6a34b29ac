package io.efsnas.split;

import io.efsnas.space.Architecture;
import io.efsnas.space.Counted;
import io.efsnas.space.Sampling;
import io.efsnas.space.SearchSpace;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The architectures that have one of a few numbers of nonlinear functions.
 *
 * @param space a space that is {@link Counted}
 * @param counts the numbers, ascending
 */
public record CountSubspace(SearchSpace space, List<Integer> counts) implements Subspace {

    public CountSubspace {
        counts = counts.stream().sorted().toList();
    }

    /** The counts, such as {@code 0,1}. */
    @Override
    public String label() {
        return String.join(",", counts.stream().map(String::valueOf).toList());
    }

    @Override
    public boolean contains(Architecture architecture) {
        return counts.contains(Counted.of(space).nonlinearities(architecture));
    }

    @Override
    public Architecture sample(RandomGenerator random) {
        return Counted.of(space).sample(counts, random).orElseGet(() -> Sampling.connected(space, this, random));
    }

    /** Those with any number are all of the space. */
    @Override
    public Optional<List<List<Integer>>> product() {
        return counts.containsAll(Counted.of(space).sizes().keySet())
                ? Optional.of(MaskSubspace.whole(space).allowed())
                : Optional.empty();
    }

    @Override
    public Optional<BigInteger> size() {
        Map<Integer, BigInteger> sizes = Counted.of(space).sizes();
        return Optional.of(counts.stream()
                .map(count -> sizes.getOrDefault(count, BigInteger.ZERO))
                .reduce(BigInteger.ZERO, BigInteger::add));
    }
}
