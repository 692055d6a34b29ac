package io.efsnas.driver;

import io.efsnas.network.Cost;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A space whose first position has 256 choices, so that one split makes 256 supernets, of 2^29 architectures in all, such as
 * {@code 255-7-0-3-1-6-2-4}. They all have the same small network, for an engine that computes nothing.
 */
public final class WideSpace implements SearchSpace {

    private static final long serialVersionUID = 1;
    private static final List<Integer> CHOICES =
            Stream.concat(Stream.of(256), Collections.nCopies(7, 8).stream()).toList();

    @Override
    public String name() {
        return "wide";
    }

    @Override
    public List<Integer> choices() {
        return CHOICES;
    }

    @Override
    public Architecture parse(String text) {
        List<Integer> choices = new ArrayList<>();
        for (String choice : text.split("-", -1)) {
            choices.add(Integer.valueOf(choice));
        }
        return new Architecture(choices);
    }

    @Override
    public String format(Architecture architecture) {
        return architecture.choices().stream().map(Object::toString).collect(Collectors.joining("-"));
    }

    @Override
    public boolean connected(Architecture architecture) {
        return true;
    }

    @Override
    public Network network(Architecture architecture, ModelSize size) {
        Network.Builder net = new Network.Builder(size.image());
        int stem = net.convolution(net.image(), "stem", size.channels(), 1, 1);
        net.linear(net.globalAveragePool(stem), "classifier", size.classes());
        return net.build();
    }

    @Override
    public Cost cost(Architecture architecture, ModelSize size) {
        return network(architecture, size).cost();
    }

    @Override
    public List<Architecture> covering() {
        return List.of(new Architecture(Collections.nCopies(CHOICES.size(), 0)));
    }
}
