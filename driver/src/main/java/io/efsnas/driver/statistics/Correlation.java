package io.efsnas.driver.statistics;

import org.apache.commons.math3.stat.correlation.KendallsCorrelation;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;

/**
 * How alike two scores order the same architectures, each coefficient from -1 (reversed) to 1 (the same order), and not
 * a number where it is undefined: below two architectures, or where one of the scores is the same for all.
 *
 * @param architectures how many were compared
 * @param kendallTau tau-b, which allows for ties
 * @param spearmanRho the correlation of the ranks, tied ones sharing their mean rank
 */
public record Correlation(int architectures, double kendallTau, double spearmanRho) {

    /** Whether there are architectures to compare, but one of the scores is the same for all of them. */
    public boolean constant() {
        return architectures > 1 && Double.isNaN(kendallTau);
    }

    /** Correlates the scores of architectures, the i-th of each array being the i-th architecture's. */
    public static Correlation of(double[] first, double[] second) {
        if (first.length < 2) {
            return new Correlation(first.length, Double.NaN, Double.NaN);
        }
        return new Correlation(
                first.length,
                new KendallsCorrelation().correlation(first, second),
                new SpearmansCorrelation().correlation(first, second));
    }
}
