package io.efsnas.measure.cost;

import io.efsnas.measure.Measure;
import io.efsnas.measure.MeasureContext;
import io.efsnas.measure.Needs;
import io.efsnas.network.ModelSize;
import io.efsnas.space.Architecture;
import io.efsnas.space.Counted;
import io.efsnas.space.SearchSpace;
import java.util.List;

/** The number of nonlinear functions, by the rule of a space that counts them. */
public final class Nonlinearities implements Measure {

    private static final long serialVersionUID = 1;

    @Override
    public String name() {
        return "nonlinearities";
    }

    @Override
    public List<String> columns() {
        return List.of("nonlinearities");
    }

    @Override
    public Needs needs() {
        return Needs.NOTHING;
    }

    @Override
    public void check(SearchSpace space, ModelSize size) {
        Counted.of(space);
    }

    @Override
    public double[] of(Architecture architecture, MeasureContext context) {
        return new double[] {Counted.of(context.space()).nonlinearities(architecture)};
    }
}
