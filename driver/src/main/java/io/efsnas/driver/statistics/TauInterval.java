package io.efsnas.driver.statistics;

import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/**
 * The interval that holds Kendall's tau-b with 95 % confidence, given some of the architectures that there are: the middle
 * 95 % of the taus of samples that are drawn from these, each as large, with repetition (percentile bootstrap).
 */
public record TauInterval(double low, double high) {

    private static final int SAMPLES = 1_000;
    private static final double LEFT_OUT_PERCENT = 2.5;

    /** All intervals come from the same samples, so that those of several scores can be compared. */
    private static final long SEED = 0;

    /**
     * The interval of two scores' tau, the i-th of each array being the i-th architecture's. The same arrays give the same
     * interval. It is empty if tau is undefined in every sample.
     */
    public static Optional<TauInterval> of(double[] first, double[] second) {
        SampledTau tau = new SampledTau(first, second);
        SplittableRandom random = new SplittableRandom(SEED);
        double[] taus = DoubleStream.generate(() -> tau.of(sample(first.length, random)))
                .limit(SAMPLES)
                .filter(sampled -> !Double.isNaN(sampled))
                .toArray();
        if (taus.length == 0) {
            return Optional.empty();
        }
        Percentile percentile = new Percentile();
        percentile.setData(taus);
        return Optional.of(
                new TauInterval(percentile.evaluate(LEFT_OUT_PERCENT), percentile.evaluate(100 - LEFT_OUT_PERCENT)));
    }

    /** How often each of so many is drawn. */
    private static int[] sample(int many, SplittableRandom random) {
        int[] times = new int[many];
        for (int i = 0; i < many; i++) {
            times[random.nextInt(many)]++;
        }
        return times;
    }
}
