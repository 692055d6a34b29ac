package io.efsnas.driver.report.plot;

import io.efsnas.driver.rule.Columns;
import io.efsnas.driver.run.ComparisonRecord;
import io.efsnas.driver.run.ComparisonRecord.Quality;
import io.efsnas.driver.run.StrategyRecord;
import io.efsnas.driver.statistics.Spread;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How well strategies rank: a row for each strategy and free baseline, and in it a dot for each seed.
 *
 * @param from the value at the left end, a multiple of a tenth
 * @param to the value at the right end, likewise
 */
public record DotPlot(List<Row> rows, double from, double to) {

    /** Tenths, since coefficients are at most 1. */
    private static final int TICKS = 10;

    /**
     * A row.
     *
     * @param values of its seeds, in their order
     * @param alone the same of the supernets' accuracies alone
     * @param baseline whether it is no strategy, but what costs nothing
     */
    public record Row(String label, List<Double> values, List<Double> alone, boolean baseline) {

        /** What all of them come to. */
        public Optional<Spread> spread() {
            return Spread.of(values.stream().mapToDouble(Double::doubleValue));
        }
    }

    /** Kendall's tau of what each strategy ranks by. */
    public static DotPlot ofTau(ComparisonRecord comparison) {
        List<Row> rows = Stream.concat(
                        comparison.strategies().stream().map(DotPlot::row),
                        comparison.baselines().stream()
                                .map(baseline -> new Row(
                                        baseline.predictor(),
                                        Stream.ofNullable(baseline.kendallTau()).toList(),
                                        List.of(),
                                        true)))
                .toList();
        return new DotPlot(
                rows,
                tenths(values(rows).min().orElse(0), -1),
                tenths(values(rows).max().orElse(1), 1));
    }

    private static Row row(StrategyRecord strategy) {
        return new Row(
                strategy.name(), taus(strategy, ComparisonRecord.SCORE), taus(strategy, Columns.ACCURACY), false);
    }

    private static List<Double> taus(StrategyRecord strategy, String predictor) {
        return strategy.results().stream()
                .map(result ->
                        result.quality(predictor).map(Quality::kendallTau).orElse(null))
                .filter(Objects::nonNull)
                .toList();
    }

    private static DoubleStream values(List<Row> rows) {
        return rows.stream()
                .flatMap(row -> Stream.concat(row.values().stream(), row.alone().stream()))
                .mapToDouble(Double::doubleValue);
    }

    /** The tenth below or above a value, and never the value itself, so that its dot is within. */
    private static double tenths(double value, int direction) {
        double tenths = direction < 0 ? Math.ceil(value * TICKS) - 1 : Math.floor(value * TICKS) + 1;
        return tenths / TICKS;
    }

    /** Where a value is, in percent of the width. */
    public double x(double value) {
        return 100 * (value - from) / (to - from);
    }

    /** The values that have a mark on the axis. */
    public List<Double> ticks() {
        return IntStream.rangeClosed((int) Math.round(from * TICKS), (int) Math.round(to * TICKS))
                .mapToObj(tenth -> tenth / (double) TICKS)
                .toList();
    }
}
