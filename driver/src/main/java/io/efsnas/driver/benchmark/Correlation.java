package io.efsnas.driver.benchmark;

import org.apache.commons.math3.stat.correlation.KendallsCorrelation;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;

/**
 * How alike two scores order the same architectures, each coefficient from -1 (reversed) to 1 (the same order), and not
 * a number where it is undefined: below two architectures, or where one of the scores is the same for all.
 *
 * @param kendallTau tau-b, which allows for ties
 * @param spearmanRho the correlation of the ranks, tied ones sharing their mean rank
 */
public record Correlation(double kendallTau, double spearmanRho) {

    /** Correlates the scores of architectures, the i-th of each array being the i-th architecture's. */
    public static Correlation of(double[] predicted, double[] actual) {
        if (predicted.length < 2) {
            return new Correlation(Double.NaN, Double.NaN);
        }
        return new Correlation(
                new KendallsCorrelation().correlation(predicted, actual),
                new SpearmansCorrelation().correlation(predicted, actual));
    }
}
