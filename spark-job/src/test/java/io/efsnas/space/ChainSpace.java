package io.efsnas.space;

import io.efsnas.network.Cost;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.commons.math3.util.CombinatoricsUtils;

/**
 * A space of another shape than a cell: a chain of blocks in stages as in the MobileNet space of ProxylessNAS (Cai,
 * Zhu, Han, ICLR 2019), with six kinds of block and, except at the start of a stage, {@code identity}. Each block has
 * two nonlinear functions. Shows that splitting and sampling ask nothing of a space but its interface.
 */
public final class ChainSpace implements SearchSpace, Counted {

    private static final long serialVersionUID = 1;
    private static final List<String> BLOCKS = List.of("k3e3", "k3e6", "k5e3", "k5e6", "k7e3", "k7e6", "identity");
    private static final int IDENTITY = BLOCKS.indexOf("identity");

    /** 21 blocks in six stages. */
    public static final ChainSpace MOBILE_NET = new ChainSpace(List.of(4, 4, 4, 4, 4, 1));

    private final List<Integer> choices = new ArrayList<>();
    private final int stages;

    ChainSpace(List<Integer> blocksOfStages) {
        stages = blocksOfStages.size();
        for (int blocks : blocksOfStages) {
            for (int block = 0; block < blocks; block++) {
                choices.add(block == 0 ? IDENTITY : IDENTITY + 1);
            }
        }
    }

    @Override
    public String name() {
        return "chain";
    }

    @Override
    public List<Integer> choices() {
        return choices;
    }

    @Override
    public Architecture parse(String text) {
        return new Architecture(
                Arrays.stream(text.split("-", -1)).map(BLOCKS::indexOf).toList());
    }

    @Override
    public String format(Architecture architecture) {
        return String.join("-", architecture.choices().stream().map(BLOCKS::get).toList());
    }

    @Override
    public int nonlinearities(Architecture architecture) {
        long identities = architecture.choices().stream()
                .filter(choice -> choice == IDENTITY)
                .count();
        return 2 * (choices.size() - (int) identities);
    }

    @Override
    public boolean connected(Architecture architecture) {
        return true;
    }

    /** In closed form: too large a space to be enumerated. */
    @Override
    public SortedMap<Integer, BigInteger> sizes() {
        int optional = choices.size() - stages;
        SortedMap<Integer, BigInteger> sizes = new TreeMap<>();
        for (int identities = 0; identities <= optional; identities++) {
            BigInteger places = BigInteger.valueOf(CombinatoricsUtils.binomialCoefficient(optional, identities));
            int blocks = choices.size() - identities;
            sizes.put(2 * blocks, places.multiply(BigInteger.valueOf(IDENTITY).pow(blocks)));
        }
        return sizes;
    }

    /** With a plain convolution for each block. */
    @Override
    public Network network(Architecture architecture, ModelSize size) {
        Network.Builder net = new Network.Builder(size.image());
        int value = net.convolution(net.image(), "stem", size.channels(), 3, 1);
        for (int position = 0; position < choices.size(); position++) {
            int choice = architecture.choice(position);
            if (choice != IDENTITY) {
                String name = "block" + position + "." + BLOCKS.get(choice);
                value = net.convolution(value, name, size.channels(), 3 + choice / 2 * 2, 1);
            }
        }
        net.linear(net.globalAveragePool(value), "classifier", size.classes());
        return net.build();
    }

    @Override
    public Cost cost(Architecture architecture, ModelSize size) {
        throw new UnsupportedOperationException("no test asks for the costs of this space");
    }

    @Override
    public List<Architecture> covering() {
        return IntStream.range(0, IDENTITY)
                .mapToObj(block -> new Architecture(Collections.nCopies(choices.size(), block)))
                .toList();
    }
}
