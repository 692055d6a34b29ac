package io.efsnas.driver.rule;

import io.efsnas.driver.rule.FusionRule.Expert;
import io.efsnas.measure.Measures;
import io.efsnas.space.SearchSpace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The experts of a fusion that need no training, as settings have them. */
final class Experts {

    /** A list of columns for each expert. */
    static final String COLUMNS = "experts";

    /** A weight for each expert. */
    static final String WEIGHTS = "weights";

    static final List<List<String>> DEFAULT_COLUMNS = List.of(
            List.of(Columns.LIVE_FLOPS),
            List.of("expressivity", "progressivity", "trainability"),
            List.of("jacobian-covariance", "synflow"));

    static final List<Integer> DEFAULT_WEIGHTS = List.of(1, 1, 1);

    private Experts() {}

    static List<Expert> of(Map<String, Object> settings) {
        List<?> columns =
                list(COLUMNS, settings.get(COLUMNS), "lists of measures, such as [[live-flops], [expressivity]]");
        String expected = "a number above 0 for each of the " + columns.size() + " " + COLUMNS;
        List<?> weights = list(WEIGHTS, settings.get(WEIGHTS), expected);
        if (weights.size() != columns.size()) {
            throw refused(WEIGHTS, expected);
        }
        List<Expert> experts = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            if (!(weights.get(i) instanceof Number weight) || !(weight.doubleValue() > 0)) {
                throw refused(WEIGHTS, expected);
            }
            experts.add(new Expert(names(columns.get(i)), weight.doubleValue()));
        }
        return List.copyOf(experts);
    }

    /**
     * The settings, if their columns are the default ones, without columns that a space cannot have and experts that have no
     * others.
     */
    static Map<String, Object> suited(Map<String, Object> settings, SearchSpace space) {
        if (!DEFAULT_COLUMNS.equals(settings.get(COLUMNS))
                || !(settings.get(WEIGHTS) instanceof List<?> weights)
                || weights.size() != DEFAULT_COLUMNS.size()) {
            return settings;
        }
        List<List<String>> columns = new ArrayList<>();
        List<Object> theirWeights = new ArrayList<>();
        for (int i = 0; i < DEFAULT_COLUMNS.size(); i++) {
            List<String> suited = DEFAULT_COLUMNS.get(i).stream()
                    .filter(column -> Measures.of(List.of(column)).suit(space))
                    .toList();
            if (!suited.isEmpty()) {
                columns.add(suited);
                theirWeights.add(weights.get(i));
            }
        }
        Map<String, Object> suited = new HashMap<>(settings);
        suited.put(COLUMNS, columns);
        suited.put(WEIGHTS, theirWeights);
        return suited;
    }

    private static List<String> names(Object of) {
        return list(COLUMNS, of, "a list of measures for each expert").stream()
                .map(String::valueOf)
                .peek(Experts::requireFree)
                .toList();
    }

    private static void requireFree(String column) {
        if (Columns.LEARNED.contains(column)) {
            throw refused(COLUMNS, "measures that need no training, not " + column);
        }
    }

    private static List<?> list(String key, Object value, String expected) {
        if (value instanceof List<?> list && !list.isEmpty()) {
            return list;
        }
        throw refused(key, expected);
    }

    private static IllegalArgumentException refused(String key, String expected) {
        return new IllegalArgumentException(key + ": expected " + expected);
    }
}
