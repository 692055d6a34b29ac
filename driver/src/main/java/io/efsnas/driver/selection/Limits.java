package io.efsnas.driver.selection;

import io.efsnas.driver.rule.Columns;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * What the selected architecture may cost at most as the final network.
 *
 * @param most the most that each of {@link Columns#LIMITED} may be, at least 1; a cost without an entry has no limit
 */
public record Limits(SortedMap<String, Long> most) {

    private static final Map<String, String> UNITS = Map.of(
            Columns.FLOPS, "FLOPs",
            Columns.PARAMETERS, "parameters",
            Columns.LIVE_FLOPS, "FLOPs that reach the output",
            Columns.LIVE_PARAMETERS, "parameters that reach the output",
            Columns.LATENCY, "microseconds of latency");

    public static final Limits NONE = new Limits(Collections.emptySortedMap());

    public Limits {
        most = Collections.unmodifiableSortedMap(new TreeMap<>(most));
        if (!UNITS.keySet().containsAll(most.keySet()) || most.values().stream().anyMatch(limit -> limit < 1)) {
            throw new IllegalArgumentException(
                    "expected limits of " + Columns.LIMITED + ", each of at least 1, not " + most);
        }
    }

    /** Whether an architecture with these costs, each given by its column, may be selected. */
    public boolean metBy(ToDoubleFunction<String> costs) {
        return most.keySet().stream().noneMatch(column -> exceeded(column, costs));
    }

    /** Those limits that an architecture is known to meet or not before anything is measured. */
    public Limits ofCosts() {
        SortedMap<String, Long> known = new TreeMap<>(most);
        known.keySet().retainAll(Columns.COSTS);
        return new Limits(known);
    }

    /** Whether a cost, which has a limit, exceeds it, or is not known. */
    boolean exceeded(String column, ToDoubleFunction<String> costs) {
        double cost = costs.applyAsDouble(column);
        return Double.isNaN(cost) || cost > most.get(column);
    }

    /** Such as {@code 60000000 FLOPs and 400000 parameters that reach the output}. */
    @Override
    public String toString() {
        return text(most::get);
    }

    /** Costs in the words of {@link #toString}, of those columns that have a limit. */
    String text(Function<String, Long> costs) {
        return most.keySet().stream()
                .map(column -> amount(column, costs.apply(column)))
                .collect(Collectors.joining(" and "));
    }

    /** Such as {@code 60000000 FLOPs}. */
    static String amount(String column, long cost) {
        return cost + " " + UNITS.get(column);
    }
}
