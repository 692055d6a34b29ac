package io.efsnas.driver.report.plot;

import io.efsnas.driver.rule.Columns;
import java.util.Locale;

/**
 * A measured value as the report's tables show it.
 *
 * @param value the value to sort by
 * @param note beside the text, in small; null for none
 */
public record Cell(double value, String text, String note) {

    /** A value of a column. */
    public static Cell of(String column, double value, int images) {
        if (!Double.isFinite(value)) {
            return new Cell(Double.NEGATIVE_INFINITY, "\u2013", null);
        }
        if (column.equals(Columns.ACCURACY)) {
            return new Cell(value, Figures.percent(value), Figures.interval(value, images));
        }
        return new Cell(value, Columns.COSTS.contains(column) ? Figures.millions(value) : number(value), null);
    }

    /** A number of any size; whole ones, such as counts, without a decimal point. */
    public static String number(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, Math.abs(value) < 1e5 ? "%.4f" : "%.3e", value);
    }

    /** The head of a column. */
    public static String title(String column) {
        return switch (column) {
            case Columns.NONLINEARITIES -> "Count";
            case Columns.FLOPS -> "FLOPs";
            case Columns.LIVE_FLOPS -> "Live FLOPs";
            default -> column.substring(0, 1).toUpperCase(Locale.ROOT)
                    + column.substring(1).replace('-', ' ');
        };
    }
}
