package io.efsnas.driver.statistics;

import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.apache.commons.math3.stat.interval.ConfidenceInterval;
import org.apache.commons.math3.stat.interval.WilsonScoreInterval;

/**
 * An accuracy as what it was measured by, and what that can tell of the accuracy on all images there could be.
 *
 * @param correct how many images were classified correctly
 * @param images how many there were, at least 1
 */
public record Proportion(int correct, int images) {

    /** How sure intervals and differences are: one in twenty is wrong by chance. */
    private static final double CONFIDENCE = 0.95;

    public Proportion {
        if (images < 1 || correct < 0 || correct > images) {
            throw new IllegalArgumentException(correct + " of " + images + " images cannot be correct");
        }
    }

    /** The proportion that a share of correct images, from 0 to 1, stands for. */
    public static Proportion of(double accuracy, int images) {
        return new Proportion(Math.toIntExact(Math.round(accuracy * images)), images);
    }

    /** Wilson's score interval at 95 %, which also holds for few images and accuracies near 0 or 1. */
    public ConfidenceInterval interval() {
        return new WilsonScoreInterval().createInterval(images, correct, CONFIDENCE);
    }

    /**
     * Whether the accuracies differ by more than chance explains, by the two-sided test of two proportions at 95 % (the
     * chi-squared test of the two-by-two table, without correction).
     *
     * <p>The test takes the images of the two for independent. Where they are the same, as in a search, the subnets
     * mostly fail on the same ones and their difference varies less than that: the test is cautious, and may call two
     * subnets equal that a paired test (McNemar's), for which every image's result had to be kept, would tell apart.
     */
    public boolean differsFrom(Proportion other) {
        long correctOfBoth = (long) correct + other.correct;
        if (correctOfBoth == 0 || correctOfBoth == (long) images + other.images) {
            return false;
        }
        long[][] table = {{correct, images - correct}, {other.correct, other.images - other.correct}};
        return new ChiSquareTest().chiSquareTest(table) < 1 - CONFIDENCE;
    }
}
