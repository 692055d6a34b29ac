package io.efsnas.driver.compare;

import io.efsnas.driver.rule.Columns;
import io.efsnas.driver.run.ComparisonRecord;
import io.efsnas.driver.run.ComparisonRecord.Quality;
import io.efsnas.driver.run.ComparisonRecord.Result;
import io.efsnas.driver.run.StrategyRecord;
import io.efsnas.driver.statistics.Spread;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** What a comparison found, as a table for a terminal: means over seeds with their standard deviations. */
public final class ComparisonText {

    private static final String NOTHING = "-";

    /**
     * A column.
     *
     * @param baseline of a free baseline
     */
    private record Column(
            String title, int width, Function<StrategyRecord, String> strategy, Function<Quality, String> baseline) {}

    private static final Column SEEDS = new Column(
            "seeds",
            5,
            strategy -> strategy.results().size() + "/" + strategy.searches().size(),
            baseline -> "");

    private static final List<Column> WITH_TABLE = List.of(
            SEEDS,
            new Column(
                    "compared",
                    8,
                    strategy -> text(
                            strategy.spread(ComparisonRecord.SCORE, quality -> (double) quality.architectures())
                                    .map(Spread::ofMean),
                            0),
                    baseline -> Integer.toString(baseline.architectures())),
            ofScore("tau", 15, 3, Quality::kendallTau),
            ofScore("tau in top half", 15, 3, Quality::kendallTauTopHalf),
            new Column(
                    "tau of accuracy",
                    15,
                    strategy -> text(strategy.spread(Columns.ACCURACY, Quality::kendallTau), 3),
                    baseline -> ""),
            ofScore("regret of first", 15, 2, Quality::regretOfFirst),
            ofScore("regret of 10", 13, 2, Quality::regretOfBestOfTen),
            new Column(
                    "true accuracy", 13, strategy -> text(strategy.spread(Result::trueAccuracy), 2), baseline -> ""));

    private static final List<Column> WITHOUT_TABLE = List.of(
            SEEDS,
            new Column(
                    "accuracy of selected", 20, strategy -> text(strategy.spread(Result::accuracy), 4), baseline -> ""),
            new Column(
                    "M FLOPs",
                    15,
                    strategy -> text(strategy.spread(result -> result.flops() / 1e6), 1),
                    baseline -> ""),
            new Column(
                    "M parameters",
                    15,
                    strategy -> text(strategy.spread(result -> result.parameters() / 1e6), 3),
                    baseline -> ""));

    private ComparisonText() {}

    private static Column ofScore(String title, int width, int decimals, Function<Quality, Double> value) {
        return new Column(
                title,
                width,
                strategy -> text(strategy.spread(ComparisonRecord.SCORE, value), decimals),
                baseline ->
                        text(Optional.ofNullable(value.apply(baseline)).map(one -> new Spread(1, one, 0)), decimals));
    }

    private static String text(Optional<Spread> spread, int decimals) {
        return spread.map(found -> found.text(decimals)).orElse(NOTHING);
    }

    /** The table, with a line for each strategy and then for each free baseline. */
    public static String of(ComparisonRecord comparison) {
        List<Column> columns = comparison.table() == null ? WITHOUT_TABLE : WITH_TABLE;
        List<StrategyRecord> strategies = comparison.strategies();
        int width = Stream.concat(
                        strategies.stream().map(StrategyRecord::name),
                        comparison.baselines().stream().map(Quality::predictor))
                .mapToInt(String::length)
                .max()
                .orElseThrow();
        StringBuilder text = new StringBuilder(line("strategy", width, columns, Column::title));
        strategies.forEach(strategy -> text.append(line(
                strategy.name(), width, columns, column -> column.strategy().apply(strategy))));
        comparison
                .baselines()
                .forEach(baseline -> text.append(line(baseline.predictor(), width, columns, column -> column.baseline()
                        .apply(baseline))));
        text.append(String.format(
                Locale.ROOT,
                "%ncost       %,.0f training steps of one subnet a search%s%n",
                comparison.cost(),
                comparison.devices() == null
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                "; devices idle %.1f %% of the time",
                                100 * comparison.devices().idleShare())));
        return text.toString();
    }

    private static String line(String name, int width, List<Column> columns, Function<Column, String> cell) {
        StringBuilder line = new StringBuilder(String.format("%-" + width + "s", name));
        columns.forEach(
                column -> line.append("  ").append(String.format("%" + column.width() + "s", cell.apply(column))));
        return line.append(System.lineSeparator()).toString();
    }
}
