package io.efsnas.space;

import java.io.Serializable;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A set of architectures and what each of them means. An implementation is immutable; a new space is a new
 * implementation of this interface, made known in {@link SearchSpaces}.
 */
public interface SearchSpace extends Serializable {

    /** The name by which the configuration asks for this space. */
    String name();

    /** How many choices there are at each position of an architecture. */
    List<Integer> choices();

    /**
     * Reads the standard text form.
     *
     * @throws IllegalArgumentException saying what is wrong with the text and what form is expected
     */
    Architecture parse(String text);

    /** The standard text form, which {@link #parse} reads back. */
    String format(Architecture architecture);

    /**
     * How many nonlinear functions the architecture has, by the rule that this space counts them: the number that
     * splits the space into subspaces (Oh, Lee, Ham, <i>Efficient Few-Shot Neural Architecture Search by Counting the
     * Number of Nonlinear Functions</i>, AAAI 2025).
     */
    int nonlinearities(Architecture architecture);

    /** Whether the image reaches the output. Architectures where it does not are never sampled, trained or ranked. */
    boolean connected(Architecture architecture);

    /**
     * The layers of an architecture, only those that reach the output.
     *
     * @throws IllegalArgumentException if the architecture is not connected or the size does not suit this space
     */
    Network network(Architecture architecture, NetworkSize size);

    /** What the whole final network costs, including operations that do not reach the output, as benchmarks count it. */
    Cost cost(Architecture architecture, NetworkSize size);

    /** The cell that the network of an architecture repeats; empty if this space has no cells. */
    default Optional<CellGraph> cell(Architecture architecture) {
        return Optional.empty();
    }

    /**
     * What those parts of the final network cost that the image passes on its way to the output; nothing if it does not
     * reach it. Operations that lead nowhere cost as much as others in {@link #cost} but do nothing for the accuracy,
     * so this predicts it better.
     */
    default Cost liveCost(Architecture architecture, NetworkSize size) {
        return connected(architecture) ? network(architecture, size).cost() : Cost.ZERO;
    }

    /**
     * A few architectures whose networks together have every weight of this space's supernet, and which have in common
     * only the weights that belong to no choice.
     */
    List<Architecture> covering();

    /** The number of architectures, unconnected ones included. */
    default BigInteger size() {
        return choices().stream().map(BigInteger::valueOf).reduce(BigInteger.ONE, BigInteger::multiply);
    }

    /** How many connected architectures have each number of nonlinear functions; counts that have none are absent. */
    default SortedMap<Integer, BigInteger> connectedByCount() {
        SortedMap<Integer, BigInteger> sizes = new TreeMap<>();
        architectures()
                .filter(this::connected)
                .forEach(architecture -> sizes.merge(nonlinearities(architecture), BigInteger.ONE, BigInteger::add));
        return sizes;
    }

    /**
     * Every architecture, in the order of {@link Architecture#compareTo}.
     *
     * @throws ArithmeticException if the space is too large to be enumerated
     */
    default Stream<Architecture> architectures() {
        List<Integer> choices = choices();
        return LongStream.range(0, size().longValueExact()).mapToObj(rank -> {
            Integer[] picked = new Integer[choices.size()];
            long rest = rank;
            for (int position = picked.length - 1; position >= 0; position--) {
                picked[position] = (int) (rest % choices.get(position));
                rest /= choices.get(position);
            }
            return Architecture.of(picked);
        });
    }

    /** An architecture drawn uniformly from all, unconnected ones included. */
    default Architecture sample(RandomGenerator random) {
        return new Architecture(choices().stream().map(random::nextInt).toList());
    }

    /** An architecture drawn uniformly from the connected ones that have one of these counts. */
    default Architecture sample(Collection<Integer> counts, RandomGenerator random) {
        while (true) {
            Architecture candidate = sample(random);
            if (counts.contains(nonlinearities(candidate)) && connected(candidate)) {
                return candidate;
            }
        }
    }

    /** Every weight of this space's supernet of a size, in a fixed order. */
    default List<Weight> weights(NetworkSize size) {
        Map<String, Weight> byName = new LinkedHashMap<>();
        for (Architecture architecture : covering()) {
            network(architecture, size).weights().forEach(weight -> byName.put(weight.name(), weight));
        }
        return new ArrayList<>(byName.values());
    }

    /** The weights that every network of this space has, whatever is chosen, in the order of {@link #weights}. */
    default List<Weight> commonWeights(NetworkSize size) {
        List<Weight> common = weights(size);
        covering()
                .forEach(architecture ->
                        common.retainAll(network(architecture, size).weights()));
        return common;
    }
}
