package io.efsnas.measure.zerocost;

import io.efsnas.data.Batch;
import io.efsnas.measure.Measure;
import io.efsnas.measure.MeasureContext;
import io.efsnas.measure.Needs;
import io.efsnas.network.Weight;
import io.efsnas.provider.Settings;
import io.efsnas.space.Architecture;
import io.efsnas.supernet.LossGradients;
import io.efsnas.supernet.Supernet;
import java.util.List;
import java.util.Map;

/**
 * How steady the gradients of an untrained network are from batch to batch (Li, Yang, Bhardwaj, Marculescu, <i>ZiCo: Zero-shot
 * NAS via Inverse Coefficient of Variation on Gradients</i>, ICLR 2023).
 *
 * <p>Of each value of a layer's weight, the mean of the gradient's sizes over some batches of images is divided by the
 * deviation of the gradient; with two, as the authors take, that is half their difference. Zico is the sum over layers of the
 * logarithms of the layers' sums. Biases do not count, nor values whose gradients are equal, nor layers whose sum is 0.
 *
 * @param batches at least 2
 */
public record Zico(int batches) implements Measure {

    private static final long serialVersionUID = 1;

    /** The setting of measures that compare the gradients of several batches. */
    static final String BATCHES = "batches";

    /** With the defaults. */
    public Zico() {
        this(2);
    }

    @Override
    public String name() {
        return "zico";
    }

    @Override
    public Map<String, Object> defaults() {
        return Map.of(BATCHES, batches);
    }

    @Override
    public Measure with(Map<String, Object> settings) {
        return new Zico(batches(settings));
    }

    @Override
    public List<String> columns() {
        return List.of("zico");
    }

    @Override
    public Needs needs() {
        return Needs.IMAGES;
    }

    @Override
    public int imageBatches() {
        return batches;
    }

    @Override
    public double[] of(Architecture architecture, MeasureContext context) {
        return new double[] {
            of(gradients(context.fresh().supernet(), context.fresh().images().subList(0, batches), architecture))
        };
    }

    static int batches(Map<String, Object> settings) {
        return new Settings(settings).whole(BATCHES, 2, 1000);
    }

    static List<LossGradients> gradients(Supernet supernet, List<Batch> images, Architecture architecture) {
        return images.stream()
                .map(batch -> supernet.lossGradients(batch, architecture))
                .toList();
    }

    static double of(List<LossGradients> batches) {
        double sum = 0;
        for (Weight weight : batches.get(0).ofWeights().keySet()) {
            if (!weight.isVector()) {
                double steadiness = steadiness(batches.stream()
                        .map(batch -> batch.ofWeights().get(weight))
                        .toList());
                sum += steadiness == 0 ? 0 : Math.log(steadiness);
            }
        }
        return sum;
    }

    private static double steadiness(List<float[]> gradients) {
        double sum = 0;
        for (int i = 0; i < gradients.get(0).length; i++) {
            double sizes = 0;
            double mean = 0;
            for (float[] gradient : gradients) {
                sizes += Math.abs(gradient[i]) / gradients.size();
                mean += (double) gradient[i] / gradients.size();
            }
            double variance = 0;
            for (float[] gradient : gradients) {
                variance += (gradient[i] - mean) * (gradient[i] - mean) / gradients.size();
            }
            sum += variance == 0 ? 0 : sizes / Math.sqrt(variance);
        }
        return sum;
    }
}
