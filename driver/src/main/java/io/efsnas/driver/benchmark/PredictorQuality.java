package io.efsnas.driver.benchmark;

import io.efsnas.driver.run.AgreementRecord;
import io.efsnas.driver.run.CorrelationRecord;
import io.efsnas.driver.statistics.Correlation;
import io.efsnas.driver.statistics.SubspaceCorrelation;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How well one predictor orders architectures whose true accuracies are known.
 *
 * @param all over all architectures, and within each subspace
 * @param top10 among the tenth with the highest true accuracies
 * @param top1 among the hundredth with the highest true accuracies
 * @param accuracyOfFirst the true accuracy in percent of the architecture that it ranks first; the mean over all of them
 *     where it gives several the same highest value, as the trivial predictors do
 * @param regret by how much the best true accuracy among the architectures exceeds that, in percent
 */
public record PredictorQuality(
        String name,
        SubspaceCorrelation all,
        Correlation top10,
        Correlation top1,
        double accuracyOfFirst,
        double regret) {

    /**
     * Judges a predictor, the i-th of everything being the i-th architecture's.
     *
     * @param subspaces of the architectures, by the ids of their supernets; empty if they are not known
     * @param predicted the higher the better
     * @param actual true accuracies in percent, at least one
     */
    static PredictorQuality of(String name, List<String> subspaces, double[] predicted, double[] actual) {
        double highest = Arrays.stream(predicted).max().orElseThrow();
        double first = IntStream.range(0, actual.length)
                .filter(i -> predicted[i] == highest)
                .mapToDouble(i -> actual[i])
                .average()
                .orElseThrow();
        return new PredictorQuality(
                name,
                SubspaceCorrelation.of(subspaces, predicted, actual),
                amongBest(10, predicted, actual),
                amongBest(100, predicted, actual),
                first,
                Arrays.stream(actual).max().orElseThrow() - first);
    }

    /** Among one in so many, rounded up: those that are truly the best, whatever was predicted of them. */
    private static Correlation amongBest(int oneIn, double[] predicted, double[] actual) {
        double[] ascending = Arrays.stream(actual).sorted().toArray();
        double least = ascending[ascending.length - ((ascending.length - 1) / oneIn + 1)];
        int[] best = IntStream.range(0, actual.length)
                .filter(i -> actual[i] >= least)
                .toArray();
        return Correlation.of(
                Arrays.stream(best).mapToDouble(i -> predicted[i]).toArray(),
                Arrays.stream(best).mapToDouble(i -> actual[i]).toArray());
    }

    CorrelationRecord.Predictor toRecord() {
        return new CorrelationRecord.Predictor(
                name,
                AgreementRecord.of(all.overall()),
                AgreementRecord.within(all),
                AgreementRecord.of(top10),
                AgreementRecord.of(top1),
                accuracyOfFirst,
                regret);
    }
}
