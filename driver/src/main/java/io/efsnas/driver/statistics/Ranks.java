package io.efsnas.driver.statistics;

import org.apache.commons.math3.stat.ranking.NaturalRanking;

/** Scores that are made of ranks, so that units and outliers of what is ranked do not matter. */
public final class Ranks {

    private Ranks() {}

    /**
     * The natural logarithm of each rank as a share: 0 for the highest value, {@code ln(1 / n)} for the lowest; tied values
     * share their mean rank. Minus infinity is a value like others.
     */
    public static double[] logarithms(double[] values) {
        double[] logarithms = new NaturalRanking().rank(values);
        for (int i = 0; i < logarithms.length; i++) {
            logarithms[i] = Math.log(logarithms[i] / values.length);
        }
        return logarithms;
    }
}
