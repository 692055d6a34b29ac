package io.efsnas.driver.rule;

import io.efsnas.space.Architecture;
import java.util.List;

/**
 * An architecture with what was measured of it: a row of a table, whose rows share their columns.
 *
 * @param node the id of the supernet that serves the architecture; empty if it is not known
 * @param columns their names, see {@link Columns}
 * @param values one for each column, in their order; not finite where measuring came to no number
 */
public record MeasuredSubnet(Architecture architecture, String node, List<String> columns, List<Double> values) {

    public MeasuredSubnet {
        columns = List.copyOf(columns);
        values = List.copyOf(values);
        if (values.size() != columns.size()) {
            throw new IllegalArgumentException("there are " + values.size() + " values for the columns " + columns);
        }
    }

    /** Whether there is such a column. */
    public boolean has(String column) {
        return columns.contains(column);
    }

    /**
     * A value.
     *
     * @throws IllegalArgumentException if there is no such column
     */
    public double value(String column) {
        int index = columns.indexOf(column);
        if (index < 0) {
            throw new IllegalArgumentException("there is no column '" + column + "' among " + columns);
        }
        return values.get(index);
    }

    /** A value of which a higher one is better, whatever the column; minus infinity where there is none. */
    public double merit(String column) {
        double value = Columns.descends(column) ? -value(column) : value(column);
        return Double.isNaN(value) ? Double.NEGATIVE_INFINITY : value;
    }
}
