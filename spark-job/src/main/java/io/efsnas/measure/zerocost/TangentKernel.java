package io.efsnas.measure.zerocost;

import io.efsnas.measure.Measure;
import io.efsnas.measure.MeasureContext;
import io.efsnas.measure.Needs;
import io.efsnas.space.Architecture;
import java.util.List;

/**
 * The spectrum of an untrained network's neural tangent kernel: the inner products of the gradients of images' summed logits.
 *
 * <ul>
 *   <li>Its smallest eigenvalue (Zhu, Liu, Chrysos, Cevher, <i>Generalization Properties of NAS under Activation and Skip
 *       Connection Search</i>, NeurIPS 2022). It has no published code and is taken of the kernel below, as it is.
 *   <li>Its condition number, the largest eigenvalue by the smallest, negated (Chen, Gong, Wang, <i>Neural Architecture Search
 *       on ImageNet in Four GPU Hours: A Theoretically Inspired Perspective</i>, ICLR 2021).
 * </ul>
 *
 * <p>As in the code of the latter, one batch of images goes forward and one gradient back for each image, so that the batch
 * norms couple the images. Biases do not count. Gradients are computed by the engine; their products and the eigenvalues are
 * in double precision, in which the smallest survives. One that rounding makes negative counts as 0, and then there is no
 * condition number.
 */
public final class TangentKernel implements Measure {

    private static final long serialVersionUID = 1;

    @Override
    public List<String> columns() {
        return List.of("ntk-smallest-eigenvalue", "ntk-condition");
    }

    @Override
    public Needs needs() {
        return Needs.IMAGES;
    }

    @Override
    public double[] of(Architecture architecture, MeasureContext context) {
        return of(context.fresh()
                .supernet()
                .tangentKernel(context.fresh().images().get(0), architecture));
    }

    static double[] of(double[][] kernel) {
        double smallest = Double.POSITIVE_INFINITY;
        double largest = Double.NEGATIVE_INFINITY;
        for (double eigenvalue : Spectrum.eigenvalues(kernel)) {
            smallest = Math.min(smallest, eigenvalue);
            largest = Math.max(largest, eigenvalue);
        }
        smallest = Math.max(0, smallest);
        return new double[] {smallest, -largest / smallest};
    }
}
