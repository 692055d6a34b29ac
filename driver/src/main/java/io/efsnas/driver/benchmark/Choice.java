package io.efsnas.driver.benchmark;

import io.efsnas.driver.run.CorrelationRecord;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.ranking.NaturalRanking;
import org.apache.commons.math3.stat.ranking.TiesStrategy;

/**
 * The truly best of the few architectures that a predictor ranks first: what a user gets who trains these few. Where several
 * are tied for the last places among the few, it is the mean over all ways to choose among them.
 *
 * @param accuracy its true accuracy in percent
 * @param regret by how much the best true accuracy among all architectures exceeds that, in percent
 * @param percentile how many of 100 architectures have no higher true accuracy; 100 for the best
 */
public record Choice(double accuracy, double regret, double percentile) {

    /**
     * The best of the few.
     *
     * @param few how many are chosen, if there are so many
     * @param predicted the higher the better
     * @param actual true accuracies in percent, at least one
     */
    static Choice of(int few, double[] predicted, double[] actual) {
        double accuracy = meanBest(few, predicted, actual);
        double[] percentiles = Arrays.stream(new NaturalRanking(TiesStrategy.MAXIMUM).rank(actual))
                .map(rank -> 100 * rank / actual.length)
                .toArray();
        double regret = Arrays.stream(actual).max().orElseThrow() - accuracy;
        return new Choice(accuracy, Math.max(0, regret), meanBest(few, predicted, percentiles));
    }

    private static double meanBest(int few, double[] predicted, double[] values) {
        double[] ascending = Arrays.stream(predicted).sorted().toArray();
        double least = ascending[Math.max(0, ascending.length - few)];
        double[] chosen = IntStream.range(0, values.length)
                .filter(i -> predicted[i] > least)
                .mapToDouble(i -> values[i])
                .toArray();
        double certain = Arrays.stream(chosen).max().orElse(Double.NEGATIVE_INFINITY);
        double[] tied = IntStream.range(0, values.length)
                .filter(i -> predicted[i] == least)
                .mapToDouble(i -> values[i])
                .sorted()
                .toArray();
        int places = Math.min(few, values.length) - chosen.length;
        double mean = 0;
        double chance = 1; // that all places go to the i lowest of the tied
        for (int i = tied.length; i >= places; i--) {
            double withoutHighest = chance * (i - places) / i;
            mean += (chance - withoutHighest) * Math.max(certain, tied[i - 1]);
            chance = withoutHighest;
        }
        return mean;
    }

    CorrelationRecord.Choice toRecord() {
        return new CorrelationRecord.Choice(accuracy, regret, percentile);
    }
}
