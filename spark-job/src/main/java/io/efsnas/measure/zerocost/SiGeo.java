package io.efsnas.measure.zerocost;

import io.efsnas.data.Batch;
import io.efsnas.measure.Measure;
import io.efsnas.measure.MeasureContext;
import io.efsnas.measure.MeasureContext.Fresh;
import io.efsnas.measure.Needs;
import io.efsnas.network.Weight;
import io.efsnas.space.Architecture;
import io.efsnas.supernet.LossGradients;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetState;
import java.util.List;
import java.util.Map;

/**
 * The three parts of SiGeo on an untrained network (Zheng, Liu, Fedorov, Zhang, Chen, Wen, <i>SiGeo: Sub-One-Shot NAS via
 * Information Theory and Geometry of Loss Landscape</i>, arXiv 2311.13169, 2023), over some batches of images:
 *
 * <ul>
 *   <li>Fisher-Rao: the logarithm of 1e-5 plus the sum over layers of |Σ g θ|, with g the sum of the batches' gradients and θ
 *       the weight. The weight of a convolution before a batch norm adds nothing, but for rounding.
 *   <li>Zico, as {@link Zico} has it of two batches.
 *   <li>The loss of the last batch, negated.
 * </ul>
 *
 * <p>The authors take four batches, and add the parts up with factors that differ from task to task. Their code updates the
 * weights between batches; here the weights stay as they are. Biases do not count.
 *
 * @param batches at least 2
 */
public record SiGeo(int batches) implements Measure {

    private static final long serialVersionUID = 1;
    private static final double TINY = 1e-5;

    /** With the defaults. */
    public SiGeo() {
        this(4);
    }

    @Override
    public String name() {
        return "sigeo";
    }

    @Override
    public Map<String, Object> defaults() {
        return Map.of(Zico.BATCHES, batches);
    }

    @Override
    public Measure with(Map<String, Object> settings) {
        return new SiGeo(Zico.batches(settings));
    }

    @Override
    public List<String> columns() {
        return List.of("sigeo-fisher-rao", "sigeo-zico", "sigeo-loss");
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
        Fresh fresh = context.fresh();
        return of(fresh.supernet(), fresh.weights(), fresh.images().subList(0, batches), architecture);
    }

    /** The three parts, with a supernet's weights. */
    static double[] of(Supernet supernet, SupernetState weights, List<Batch> images, Architecture architecture) {
        List<LossGradients> gradients = Zico.gradients(supernet, images, architecture);
        return new double[] {
            fisherRao(gradients, weights),
            Zico.of(gradients),
            -gradients.get(gradients.size() - 1).loss()
        };
    }

    static double fisherRao(List<LossGradients> batches, SupernetState weights) {
        double sum = TINY;
        for (Weight weight : batches.get(0).ofWeights().keySet()) {
            if (!weight.isVector()) {
                double product = 0;
                for (LossGradients batch : batches) {
                    product += product(batch.ofWeights().get(weight), weights.values(weight));
                }
                sum += Math.abs(product);
            }
        }
        return Math.log(sum);
    }

    private static double product(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
