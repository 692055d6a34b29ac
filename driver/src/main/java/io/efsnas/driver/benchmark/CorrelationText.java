package io.efsnas.driver.benchmark;

import io.efsnas.driver.statistics.Correlation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/** Tables for a terminal of how well predictors agree with the truth, aligned and readable on 120 columns. */
final class CorrelationText {

    private static final String UNDEFINED = "-";
    private static final String CONSTANT = "constant";

    /**
     * A column of a table.
     *
     * @param title two lines
     * @param width at least that of the titles and cells
     * @param cell the text of a predictor's cell
     * @param last the text of the last row, which counts architectures
     */
    private record Column(
            List<String> title,
            int width,
            Function<PredictorQuality, String> cell,
            Function<PredictorQuality, String> last) {

        private static Column of(String above, String title, int width, Function<PredictorQuality, String> cell) {
            return new Column(List.of(above, title), width, cell, any -> "");
        }

        private static Column ofTau(
                String above, String title, int width, Function<PredictorQuality, Correlation> agreement) {
            return new Column(
                    List.of(above, title),
                    width,
                    predictor -> tau(agreement.apply(predictor)),
                    any -> Integer.toString(agreement.apply(any).architectures()));
        }
    }

    private static final List<Column> QUALITY = List.of(
            new Column(
                    List.of("", "tau"),
                    6,
                    predictor -> coefficient(predictor.all().overall().kendallTau()),
                    any -> Integer.toString(any.all().overall().architectures())),
            Column.of("", "95 % interval", 13, CorrelationText::interval),
            Column.of(
                    "",
                    "rho",
                    6,
                    predictor -> coefficient(predictor.all().overall().spearmanRho())),
            Column.of("sparse", "tau", 6, predictor -> coefficient(predictor.sparseTau())),
            Column.ofTau("tau in", "top half", 8, predictor -> predictor.top().half()),
            Column.ofTau("tau in", "top 10 %", 8, predictor -> predictor.top().tenth()),
            Column.ofTau("tau in", "top 1 %", 8, predictor -> predictor.top().hundredth()),
            Column.of(
                    "regret", "first", 6, predictor -> points(predictor.first().regret())),
            Column.of(
                    "regret",
                    "of 10",
                    6,
                    predictor -> points(predictor.bestOfTen().regret())),
            Column.of(
                    "best of 10",
                    "percentile",
                    10,
                    predictor -> points(predictor.bestOfTen().percentile())));

    private CorrelationText() {}

    /** What predictors are worth over all subspaces. */
    static String quality(List<PredictorQuality> predictors) {
        return table(QUALITY, predictors);
    }

    /** Their tau within each subspace; empty if there are none. */
    static String subspaces(List<PredictorQuality> predictors) {
        Set<String> nodes = predictors.get(0).all().subspaces().keySet();
        if (nodes.isEmpty()) {
            return "";
        }
        List<Column> columns = nodes.stream()
                .map(node -> Column.ofTau("supernet", node, Math.max(8, node.length()), predictor -> predictor
                        .all()
                        .subspaces()
                        .get(node)))
                .toList();
        return table(columns, predictors);
    }

    private static String table(List<Column> columns, List<PredictorQuality> predictors) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(row("", columns, column -> column.title().get(0)));
        rows.add(row("predictor", columns, column -> column.title().get(1)));
        predictors.forEach(predictor ->
                rows.add(row(predictor.name(), columns, column -> column.cell().apply(predictor))));
        rows.add(row("architectures", columns, column -> column.last().apply(predictors.get(0))));
        int names = rows.stream().mapToInt(row -> row.get(0).length()).max().orElseThrow();
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder(pad(row.get(0), -names));
            for (int i = 0; i < columns.size(); i++) {
                line.append("  ").append(pad(row.get(i + 1), columns.get(i).width()));
            }
            text.append(line.toString().stripTrailing()).append(System.lineSeparator());
        }
        return text.toString();
    }

    private static List<String> row(String name, List<Column> columns, Function<Column, String> cell) {
        List<String> row = new ArrayList<>(List.of(name));
        columns.stream().map(cell).forEachOrdered(row::add);
        return row;
    }

    private static String pad(String text, int width) {
        return String.format("%" + width + "s", text);
    }

    private static String interval(PredictorQuality predictor) {
        if (predictor.all().overall().constant()) {
            return CONSTANT;
        }
        return predictor
                .interval()
                .map(tau -> String.format(Locale.ROOT, "%6.3f %6.3f", tau.low(), tau.high()))
                .orElse(UNDEFINED);
    }

    private static String tau(Correlation correlation) {
        return correlation.constant() ? CONSTANT : coefficient(correlation.kendallTau());
    }

    private static String coefficient(double value) {
        return Double.isNaN(value) ? UNDEFINED : String.format(Locale.ROOT, "%.3f", value);
    }

    private static String points(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
