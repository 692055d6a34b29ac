package io.efsnas.measure.zerocost;

import io.efsnas.measure.Measure;
import io.efsnas.measure.MeasureContext;
import io.efsnas.measure.Needs;
import io.efsnas.network.Weight;
import io.efsnas.space.Architecture;
import io.efsnas.supernet.LossGradients;
import io.efsnas.supernet.SupernetState;
import java.util.List;

/**
 * The three parts of SiGeo on an untrained network (Zheng, Liu, Fedorov, Zhang, Chen, Wen, <i>SiGeo: Sub-One-Shot NAS via
 * Information Theory and Geometry of Loss Landscape</i>, arXiv 2311.13169, 2023), over four batches of images:
 *
 * <ul>
 *   <li>Fisher-Rao: the logarithm of 1e-5 plus the sum over layers of |Σ g θ|, with g the sum of the batches' gradients and θ
 *       the weight. The weight of a convolution before a batch norm adds nothing, but for rounding.
 *   <li>Zico, as {@link Zico} has it of two batches.
 *   <li>The loss of the last batch, negated.
 * </ul>
 *
 * <p>The authors add them up with factors that differ from task to task. Their code updates the weights between batches;
 * here the weights stay as they are. Biases do not count.
 */
public final class SiGeo implements Measure {

    private static final long serialVersionUID = 1;
    private static final double TINY = 1e-5;

    @Override
    public List<String> columns() {
        return List.of("sigeo-fisher-rao", "sigeo-zico", "sigeo-loss");
    }

    @Override
    public Needs needs() {
        return Needs.IMAGES;
    }

    @Override
    public double[] of(Architecture architecture, MeasureContext context) {
        List<LossGradients> batches = Zico.gradients(architecture, context, MeasureContext.IMAGE_BATCHES);
        return new double[] {
            fisherRao(batches, context.fresh().weights()),
            Zico.of(batches),
            -batches.get(batches.size() - 1).loss()
        };
    }

    static double fisherRao(List<LossGradients> batches, SupernetState weights) {
        double sum = TINY;
        for (Weight weight : batches.get(0).ofWeights().keySet()) {
            if (!weight.isBias()) {
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
