package example;

import io.efsnas.measure.Measure;
import io.efsnas.measure.MeasureContext;
import io.efsnas.measure.MeasureContext.Trained;
import io.efsnas.measure.Needs;
import io.efsnas.space.Architecture;
import java.util.List;

/** The lowest accuracy that an architecture has on any scoring batch, with the weights of its trained supernet. */
public final class WorstBatch implements Measure {

    private static final long serialVersionUID = 1;

    @Override
    public String name() {
        return "worst-batch";
    }

    @Override
    public List<String> columns() {
        return List.of("worst-batch");
    }

    @Override
    public Needs needs() {
        return Needs.TRAINED;
    }

    @Override
    public double[] of(Architecture architecture, MeasureContext context) {
        Trained trained = context.trained();
        double worst = 1;
        for (int i = 0; i < trained.images().count(); i++) {
            worst = Math.min(
                    worst,
                    trained.supernet()
                            .score(trained.images().batch(i), List.of(architecture))
                            .get(0)
                            .accuracy());
        }
        return new double[] {worst};
    }
}
