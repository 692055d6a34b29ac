package io.efsnas.measure.zerocost;

import io.efsnas.measure.Measure;
import io.efsnas.measure.MeasureContext;
import io.efsnas.measure.Needs;
import io.efsnas.space.Architecture;
import io.efsnas.supernet.LossGradients;
import java.util.List;

/**
 * The Euclidean norm of the whole gradient of an untrained network (Abdelfattah, Mehrotra, Dudziak, Lane, <i>Zero-Cost
 * Proxies for Lightweight NAS</i>, ICLR 2021).
 *
 * <p>The loss is the mean cross entropy of a batch of noise with random labels, as in the comparison by Lee and Ham (AZ-NAS,
 * CVPR 2024). All weights count, and so do the classifier's biases.
 */
public final class GradientNorm implements Measure {

    private static final long serialVersionUID = 1;

    @Override
    public String name() {
        return "gradient-norm";
    }

    @Override
    public List<String> columns() {
        return List.of("gradient-norm");
    }

    @Override
    public Needs needs() {
        return Needs.FRESH;
    }

    @Override
    public double[] of(Architecture architecture, MeasureContext context) {
        LossGradients gradients =
                context.fresh().supernet().lossGradients(context.fresh().noise(), architecture);
        double squares = 0;
        for (float[] gradient : gradients.ofWeights().values()) {
            for (float value : gradient) {
                squares += (double) value * value;
            }
        }
        return new double[] {Math.sqrt(squares)};
    }
}
