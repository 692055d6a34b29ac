package io.efsnas.measure.zerocost;

import io.efsnas.data.Batch;
import io.efsnas.measure.Measure;
import io.efsnas.measure.MeasureContext;
import io.efsnas.measure.Needs;
import io.efsnas.space.Architecture;
import java.util.List;

/**
 * How differently an untrained network's output changes with the pixels of different images (Mellor, Turner, Storkey, Crowley,
 * <i>Neural Architecture Search without Training</i>, arXiv 2006.04647v1, 2020; with this name by Abdelfattah, Mehrotra,
 * Dudziak, Lane, ICLR 2021).
 *
 * <p>The gradients of the sum of all logits with respect to the pixels of a batch of images are correlated image by image.
 * With v the eigenvalues of the correlation matrix, the value is -Σ (ln(v + 1e-5) + 1 / (v + 1e-5)). There is none if an
 * image's gradient is the same at all pixels.
 */
public final class JacobianCovariance implements Measure {

    private static final long serialVersionUID = 1;
    private static final double SMALL = 1e-5;

    @Override
    public String name() {
        return "jacobian-covariance";
    }

    @Override
    public List<String> columns() {
        return List.of("jacobian-covariance");
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
        Batch batch = context.fresh().images().get(0);
        float[] gradients = context.fresh().supernet().imageGradients(batch, architecture);
        return new double[] {of(gradients, batch.size())};
    }

    static double of(float[] gradients, int images) {
        double[][] standard = new double[images][];
        for (int image = 0; image < images; image++) {
            standard[image] = standardised(gradients, image, gradients.length / images);
        }
        double[][] correlations = new double[images][images];
        for (int a = 0; a < images; a++) {
            for (int b = 0; b < images; b++) {
                for (int i = 0; i < standard[a].length; i++) {
                    correlations[a][b] += standard[a][i] * standard[b][i];
                }
            }
        }
        double sum = 0;
        for (double eigenvalue : Spectrum.eigenvalues(correlations)) {
            sum -= Math.log(eigenvalue + SMALL) + 1 / (eigenvalue + SMALL);
        }
        return sum;
    }

    /** An image's values with a mean of 0 and a sum of squares of 1. */
    private static double[] standardised(float[] values, int image, int size) {
        double mean = 0;
        for (int i = 0; i < size; i++) {
            mean += (double) values[image * size + i] / size;
        }
        double[] standardised = new double[size];
        double squares = 0;
        for (int i = 0; i < size; i++) {
            standardised[i] = values[image * size + i] - mean;
            squares += standardised[i] * standardised[i];
        }
        for (int i = 0; i < size; i++) {
            standardised[i] /= Math.sqrt(squares);
        }
        return standardised;
    }
}
