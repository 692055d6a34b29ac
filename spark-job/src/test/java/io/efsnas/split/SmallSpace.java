package io.efsnas.split;

import io.efsnas.network.Cost;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import java.util.List;

/**
 * A space without networks, in which every choice but one may be made.
 *
 * @param forbidden a position and the choice there that leaves no connected architecture
 */
public record SmallSpace(List<Integer> choices, List<Integer> forbidden, List<List<Integer>> edgesIntoNodes)
        implements SearchSpace {

    /** With nothing forbidden. */
    public SmallSpace(List<Integer> choices) {
        this(choices, List.of(0, -1));
    }

    /** Without a cell. */
    public SmallSpace(List<Integer> choices, List<Integer> forbidden) {
        this(choices, forbidden, List.of());
    }

    @Override
    public String name() {
        return "small";
    }

    @Override
    public boolean connected(Architecture architecture) {
        return architecture.choice(forbidden.get(0)) != forbidden.get(1);
    }

    @Override
    public Architecture parse(String text) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String format(Architecture architecture) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Network network(Architecture architecture, ModelSize size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Cost cost(Architecture architecture, ModelSize size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Architecture> covering() {
        throw new UnsupportedOperationException();
    }
}
