package example;

import io.efsnas.measure.Measure;
import io.efsnas.measure.MeasureContext;
import io.efsnas.measure.Needs;
import io.efsnas.network.Layer;
import io.efsnas.space.Architecture;
import java.util.List;

/** How many convolutions the final network has. */
public final class Convolutions implements Measure {

    private static final long serialVersionUID = 1;

    @Override
    public List<String> columns() {
        return List.of("convolutions");
    }

    @Override
    public Needs needs() {
        return Needs.NOTHING;
    }

    @Override
    public double[] of(Architecture architecture, MeasureContext context) {
        return new double[] {
            context.space().network(architecture, context.size()).nodes().stream()
                    .filter(node -> node.layer() instanceof Layer.Convolution)
                    .count()
        };
    }
}
