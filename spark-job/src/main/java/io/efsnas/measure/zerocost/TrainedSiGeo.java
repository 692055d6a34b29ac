package io.efsnas.measure.zerocost;

import io.efsnas.measure.Measure;
import io.efsnas.measure.MeasureContext;
import io.efsnas.measure.MeasureContext.Trained;
import io.efsnas.measure.Needs;
import io.efsnas.space.Architecture;
import java.util.List;
import java.util.Map;

/**
 * The three parts of {@link SiGeo} with the weights of the trained supernet that serves the architecture, as its authors mean
 * it: supernets are trained briefly, and what their weights say of a subnet predicts how well it will do.
 *
 * @param batches at least 2
 */
public record TrainedSiGeo(int batches) implements Measure {

    private static final long serialVersionUID = 1;

    /** With the defaults. */
    public TrainedSiGeo() {
        this(4);
    }

    @Override
    public String name() {
        return "sigeo-trained";
    }

    @Override
    public Map<String, Object> defaults() {
        return Map.of(Zico.BATCHES, batches);
    }

    @Override
    public Measure with(Map<String, Object> settings) {
        return new TrainedSiGeo(Zico.batches(settings));
    }

    @Override
    public List<String> columns() {
        return List.of("sigeo-trained-fisher-rao", "sigeo-trained-zico", "sigeo-trained-loss");
    }

    @Override
    public Needs needs() {
        return Needs.TRAINED;
    }

    @Override
    public int imageBatches() {
        return batches;
    }

    @Override
    public boolean needsGradients() {
        return true;
    }

    @Override
    public double[] of(Architecture architecture, MeasureContext context) {
        Trained trained = context.trained();
        return SiGeo.of(
                trained.supernet(), trained.weights(), trained.training().subList(0, batches), architecture);
    }
}
