package example;

import io.efsnas.measure.Measure;
import io.efsnas.measure.MeasureContext;
import io.efsnas.measure.Needs;
import io.efsnas.network.Layer;
import io.efsnas.provider.Settings;
import io.efsnas.space.Architecture;
import java.util.List;
import java.util.Map;

/**
 * How many convolutions the final network has.
 *
 * @param smallest pixels along a side of the kernels that count, at least
 */
public record Convolutions(int smallest) implements Measure {

    private static final long serialVersionUID = 1;
    private static final String SMALLEST = "smallest";

    /** With the defaults. */
    public Convolutions() {
        this(1);
    }

    @Override
    public String name() {
        return "convolutions";
    }

    @Override
    public Map<String, Object> defaults() {
        return Map.of(SMALLEST, smallest);
    }

    @Override
    public Measure with(Map<String, Object> settings) {
        return new Convolutions(new Settings(settings).whole(SMALLEST, 1, 7));
    }

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
                    .filter(node ->
                            node.layer() instanceof Layer.Convolution convolution && convolution.kernel() >= smallest)
                    .count()
        };
    }
}
