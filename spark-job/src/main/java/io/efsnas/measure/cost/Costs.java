package io.efsnas.measure.cost;

import io.efsnas.measure.Measure;
import io.efsnas.measure.MeasureContext;
import io.efsnas.measure.Needs;
import io.efsnas.network.Cost;
import io.efsnas.space.Architecture;
import java.util.List;

/**
 * Multiply-adds for one image and learned values of the final network: of all of it, and of what reaches the output alone.
 */
public final class Costs implements Measure {

    private static final long serialVersionUID = 1;

    @Override
    public String name() {
        return "costs";
    }

    @Override
    public List<String> columns() {
        return List.of("flops", "parameters", "live-flops", "live-parameters");
    }

    @Override
    public Needs needs() {
        return Needs.NOTHING;
    }

    @Override
    public double[] of(Architecture architecture, MeasureContext context) {
        Cost all = context.space().cost(architecture, context.size());
        Cost live = context.space().liveCost(architecture, context.size());
        return new double[] {all.flops(), all.parameters(), live.flops(), live.parameters()};
    }
}
