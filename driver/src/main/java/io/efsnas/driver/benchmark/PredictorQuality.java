package io.efsnas.driver.benchmark;

import io.efsnas.driver.run.AgreementRecord;
import io.efsnas.driver.run.CorrelationRecord;
import io.efsnas.driver.statistics.Correlation;
import io.efsnas.driver.statistics.SubspaceCorrelation;
import io.efsnas.driver.statistics.TauInterval;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How well one predictor orders architectures whose true accuracies are known.
 *
 * @param all the agreement over all architectures, and within each subspace
 * @param interval tau over all architectures at 95 % confidence; empty where it is undefined
 * @param sparseTau tau with the true accuracies rounded to 0.1 %, so that their noise decides less; not a number where
 *     undefined
 * @param top the agreement among those that are truly the best
 * @param first the architecture that it ranks first
 * @param bestOfTen the best of the ten that it ranks first
 */
public record PredictorQuality(
        String name,
        SubspaceCorrelation all,
        Optional<TauInterval> interval,
        double sparseTau,
        Top top,
        Choice first,
        Choice bestOfTen) {

    private static final int FEW = 10;

    /** The agreement among the half, the tenth and the hundredth with the highest true accuracies. */
    public record Top(Correlation half, Correlation tenth, Correlation hundredth) {}

    /**
     * Judges a predictor, the i-th of everything being the i-th architecture's.
     *
     * @param subspaces the id of the supernet of each architecture's subspace; empty if they are not known
     * @param predicted the higher the better
     * @param actual true accuracies in percent, at least one
     */
    static PredictorQuality of(String name, List<String> subspaces, double[] predicted, double[] actual) {
        return new PredictorQuality(
                name,
                SubspaceCorrelation.of(subspaces, predicted, actual),
                TauInterval.of(predicted, actual),
                Correlation.of(predicted, roundedToTenths(actual)).kendallTau(),
                new Top(
                        amongBest(2, predicted, actual),
                        amongBest(10, predicted, actual),
                        amongBest(100, predicted, actual)),
                Choice.of(1, predicted, actual),
                Choice.of(FEW, predicted, actual));
    }

    private static double[] roundedToTenths(double[] values) {
        return Arrays.stream(values).map(value -> Math.rint(10 * value) / 10).toArray();
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

    /** What {@code correlation.json} says of it. */
    public CorrelationRecord.Predictor toRecord() {
        return new CorrelationRecord.Predictor(
                name,
                AgreementRecord.of(all.overall()),
                interval.map(tau -> new CorrelationRecord.Interval(tau.low(), tau.high()))
                        .orElse(null),
                AgreementRecord.numberOrNull(sparseTau),
                new CorrelationRecord.Top(
                        AgreementRecord.of(top.half()),
                        AgreementRecord.of(top.tenth()),
                        AgreementRecord.of(top.hundredth())),
                AgreementRecord.within(all),
                first.toRecord(),
                bestOfTen.toRecord());
    }
}
