package io.efsnas.driver;

import io.efsnas.network.Cost;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.nasbench201.NasBench201Space;
import java.util.List;

/** NAS-Bench-201 as a space that counts no nonlinear functions. */
public final class UncountedSpace implements SearchSpace {

    private static final long serialVersionUID = 1;
    private static final SearchSpace COUNTED = new NasBench201Space();

    @Override
    public String name() {
        return "uncounted";
    }

    @Override
    public List<Integer> choices() {
        return COUNTED.choices();
    }

    @Override
    public Architecture parse(String text) {
        return COUNTED.parse(text);
    }

    @Override
    public String format(Architecture architecture) {
        return COUNTED.format(architecture);
    }

    @Override
    public boolean connected(Architecture architecture) {
        return COUNTED.connected(architecture);
    }

    @Override
    public Network network(Architecture architecture, ModelSize size) {
        return COUNTED.network(architecture, size);
    }

    @Override
    public Cost cost(Architecture architecture, ModelSize size) {
        return COUNTED.cost(architecture, size);
    }

    @Override
    public List<Architecture> covering() {
        return COUNTED.covering();
    }
}
