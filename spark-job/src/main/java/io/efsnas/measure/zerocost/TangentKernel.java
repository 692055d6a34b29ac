package io.efsnas.measure.zerocost;

import io.efsnas.measure.Measure;
import io.efsnas.measure.MeasureContext;
import io.efsnas.measure.MeasureContext.Fresh;
import io.efsnas.measure.Needs;
import io.efsnas.provider.Settings;
import io.efsnas.space.Architecture;
import java.util.List;
import java.util.Map;

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
 *
 * @param initialisations the number of initial weights over which both are averaged
 */
public record TangentKernel(int initialisations) implements Measure {

    private static final long serialVersionUID = 1;
    private static final String INITIALISATIONS = "initialisations";

    /** With the defaults. */
    public TangentKernel() {
        this(1);
    }

    @Override
    public String name() {
        return "ntk";
    }

    @Override
    public Map<String, Object> defaults() {
        return Map.of(INITIALISATIONS, initialisations);
    }

    @Override
    public Measure with(Map<String, Object> settings) {
        return new TangentKernel(new Settings(settings).whole(INITIALISATIONS, 1, 1000));
    }

    @Override
    public List<String> columns() {
        return List.of("ntk-smallest-eigenvalue", "ntk-condition");
    }

    @Override
    public Needs needs() {
        return Needs.IMAGES;
    }

    @Override
    public int imageBatches() {
        return 1;
    }

    @Override
    public double[] of(Architecture architecture, MeasureContext context) {
        Fresh fresh = context.fresh();
        double[] sums = ofKernel(architecture, fresh);
        for (int i = 1; i < initialisations; i++) {
            fresh.supernet().restore(fresh.others().apply(i));
            double[] further = ofKernel(architecture, fresh);
            sums[0] += further[0];
            sums[1] += further[1];
        }
        if (initialisations > 1) {
            fresh.supernet().restore(fresh.weights());
        }
        return new double[] {sums[0] / initialisations, sums[1] / initialisations};
    }

    private static double[] ofKernel(Architecture architecture, Fresh fresh) {
        return of(fresh.supernet().tangentKernel(fresh.images().get(0), architecture));
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
