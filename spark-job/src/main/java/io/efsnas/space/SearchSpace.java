package io.efsnas.space;

import io.efsnas.network.Cost;
import io.efsnas.network.Initialisation;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.provider.Provider;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A set of architectures and what each of them means. Implementations are immutable and found by {@link
 * java.util.ServiceLoader}, so that a further space is a further jar; one whose architectures have a number of nonlinear
 * functions is also {@link Counted}. To list or to sample a space is the business of {@link Enumeration} and {@link
 * Sampling}.
 */
public interface SearchSpace extends Provider, Serializable {

    /**
     * This space as its settings have it. As it is found, it has its defaults.
     *
     * @param settings a value for each key of {@link #defaults}: text, numbers, booleans and lists of them
     * @throws IllegalArgumentException with the key of a setting that is not accepted, a colon, and what is
     */
    default SearchSpace with(Map<String, Object> settings) {
        return this;
    }

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

    /** The channels of a {@link ModelSize} at which the final network is as its paper has it. */
    default int standardChannels() {
        return 16;
    }

    /**
     * The same of {@link ModelSize#cells}; empty for a space whose networks repeat no cell, so that it is always 1.
     */
    default OptionalInt standardCells() {
        return OptionalInt.of(5);
    }

    /** The least of {@link ModelSize#cells} that its networks have. */
    default int fewestCells() {
        return 1;
    }

    /** What the weights of its supernets are drawn from. */
    default Initialisation initialisation() {
        return Initialisation.UNIFORM_FAN_IN;
    }

    /**
     * The choice at a position that computes nothing: an edge without an operation, or a block that gives what it is given.
     * Empty if the position has none.
     */
    default OptionalInt emptyChoice(int position) {
        return OptionalInt.empty();
    }

    /** Whether the image reaches the output. Architectures where it does not are never sampled, trained or ranked. */
    boolean connected(Architecture architecture);

    /**
     * The layers of an architecture, only those that reach the output.
     *
     * @throws IllegalArgumentException if the architecture is not connected or the size does not suit this space
     */
    Network network(Architecture architecture, ModelSize size);

    /**
     * The same layers as a subnet of a supernet, whose batch norms learn what the size says.
     *
     * @throws IllegalArgumentException if the architecture is not connected or the size does not suit this space
     */
    default Network subnet(Architecture architecture, ModelSize size) {
        Network network = network(architecture, size);
        return size.affine() ? network.withAffineNorms() : network;
    }

    /**
     * The architecture with the same network in which nothing is chosen that does not reach the output. What is computed of
     * a network holds for all connected architectures with the same live one.
     */
    default Architecture live(Architecture architecture) {
        return architecture;
    }

    /**
     * Whether its networks are blocks in a row, as {@link Network#blocks} lists them. Where they are not, the default ranking
     * leaves out the measures that look at blocks.
     */
    default boolean hasBlocks() {
        return true;
    }

    /** What the whole final network costs, including operations that do not reach the output, as benchmarks count it. */
    Cost cost(Architecture architecture, ModelSize size);

    /**
     * What those parts of the final network cost that the image passes on its way to the output; nothing if it does not
     * reach it. Operations that lead nowhere cost as much as others in {@link #cost} but do nothing for the accuracy,
     * so this predicts it better.
     */
    default Cost liveCost(Architecture architecture, ModelSize size) {
        return connected(architecture) ? network(architecture, size).cost() : Cost.ZERO;
    }

    /**
     * A few architectures whose networks together have every weight of this space's supernet, and which have in common
     * only the weights that belong to no choice.
     */
    List<Architecture> covering();

    /** The cells that the network of an architecture repeats, for people to look at; none if this space has no cells. */
    default List<CellGraph> drawings(Architecture architecture) {
        return List.of();
    }

    /**
     * The positions of the edges that enter each node of its cell, node by node from the input to the output; none if this
     * space has no cells. Of a space with several cells, those of the cell that its networks have most of.
     */
    default List<List<Integer>> edgesIntoNodes() {
        return List.of();
    }

    /** The blocks of the network, in their order, for people to look at; none if they are not chosen one by one. */
    default List<ChainBlock> chain(Architecture architecture) {
        return List.of();
    }
}
