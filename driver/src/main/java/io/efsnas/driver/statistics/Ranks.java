package io.efsnas.driver.statistics;

import org.apache.commons.math3.stat.ranking.NaturalRanking;

/** Scores that are made of ranks, so that units and outliers of what is ranked do not matter. */
public final class Ranks {

    private Ranks() {}

    /**
     * {@code (rank(first) + weight * rank(second)) / (1 + weight)} of each, with the ranks as shares: 1 for the highest
     * value, {@code 1 / n} for the lowest; tied values share their mean rank.
     */
    public static double[] weightedMean(double[] first, double[] second, double weight) {
        double[] ofFirst = new NaturalRanking().rank(first);
        double[] ofSecond = new NaturalRanking().rank(second);
        double[] means = new double[first.length];
        for (int i = 0; i < means.length; i++) {
            means[i] = (ofFirst[i] + weight * ofSecond[i]) / ((1 + weight) * means.length);
        }
        return means;
    }

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
