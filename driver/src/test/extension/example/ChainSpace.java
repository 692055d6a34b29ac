package example;

import io.efsnas.network.Cost;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.provider.Settings;
import io.efsnas.space.Architecture;
import io.efsnas.space.Counted;
import io.efsnas.space.SearchSpace;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** A chain of blocks, each a convolution or nothing, such as {@code conv3-conv1-identity-conv3}. */
public final class ChainSpace implements SearchSpace, Counted {

    private static final long serialVersionUID = 1;
    private static final String BLOCKS = "blocks";
    private static final List<String> OPERATIONS = List.of("conv1", "conv3", "identity");
    private static final int IDENTITY = OPERATIONS.indexOf("identity");

    private final int blocks;

    /** With the defaults. */
    public ChainSpace() {
        this(3);
    }

    private ChainSpace(int blocks) {
        this.blocks = blocks;
    }

    @Override
    public String name() {
        return "chain";
    }

    @Override
    public Map<String, Object> defaults() {
        return Map.of(BLOCKS, blocks);
    }

    @Override
    public SearchSpace with(Map<String, Object> settings) {
        return new ChainSpace(new Settings(settings).whole(BLOCKS, 1, 100));
    }

    @Override
    public List<Integer> choices() {
        return Collections.nCopies(blocks, OPERATIONS.size());
    }

    @Override
    public Architecture parse(String text) {
        List<Integer> choices = new ArrayList<>();
        for (String operation : text.split("-", -1)) {
            choices.add(OPERATIONS.indexOf(operation));
        }
        if (choices.size() != blocks || choices.contains(-1)) {
            throw new IllegalArgumentException("'" + text + "' is not an architecture; expected " + blocks + " of "
                    + OPERATIONS + " with hyphens between them");
        }
        return new Architecture(choices);
    }

    @Override
    public String format(Architecture architecture) {
        return String.join(
                "-", architecture.choices().stream().map(OPERATIONS::get).toList());
    }

    @Override
    public boolean connected(Architecture architecture) {
        return true;
    }

    @Override
    public Network network(Architecture architecture, ModelSize size) {
        Network.Builder net = new Network.Builder(size.image());
        int value = convolution(net, net.image(), "stem", size.channels(), 3);
        for (int block = 0; block < blocks; block++) {
            int choice = architecture.choice(block);
            if (choice != IDENTITY) {
                String name = "block" + block + "." + OPERATIONS.get(choice);
                value = convolution(net, value, name, size.channels(), choice == 0 ? 1 : 3);
            }
            net.endBlock(value);
        }
        net.linear(net.globalAveragePool(value), "classifier", size.classes());
        return net.build();
    }

    private static int convolution(Network.Builder net, int input, String name, int channels, int kernel) {
        return net.relu(net.batchNorm(net.convolution(input, name, channels, kernel, 1), name + ".norm"));
    }

    @Override
    public Cost cost(Architecture architecture, ModelSize size) {
        return network(architecture, size).cost();
    }

    @Override
    public List<Architecture> covering() {
        return List.of(
                new Architecture(Collections.nCopies(blocks, 0)), new Architecture(Collections.nCopies(blocks, 1)));
    }

    @Override
    public int nonlinearities(Architecture architecture) {
        return blocks - Collections.frequency(architecture.choices(), IDENTITY);
    }

    @Override
    public SortedMap<Integer, BigInteger> sizes() {
        return Counted.listed(this);
    }
}
