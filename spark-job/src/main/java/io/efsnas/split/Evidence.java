package io.efsnas.split;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was measured of a trained supernet, for a {@link Splitter} to decide by. It is kept in a file, so that a search that
 * resumes splits as before without measuring anew.
 *
 * @param values the values by the probe's own names, such as {@code edge 3: 1-4}
 */
public record Evidence(@JsonValue SortedMap<String, Double> values) implements Serializable {

    /** Of a splitter that measures nothing. */
    public static final Evidence NONE = new Evidence(new TreeMap<>());

    public Evidence {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /**
     * The means of several measurements, added up in their order.
     *
     * @param measurements at least one
     * @throws IllegalArgumentException if they do not all have the same names
     */
    public static Evidence mean(List<Evidence> measurements) {
        SortedMap<String, Double> sums = new TreeMap<>();
        for (Evidence one : measurements) {
            if (!sums.isEmpty() && !sums.keySet().equals(one.values.keySet())) {
                throw new IllegalArgumentException("a probe has measured " + sums.keySet() + " on one batch and "
                        + one.values.keySet() + " on another");
            }
            one.values.forEach((name, value) -> sums.merge(name, value, Double::sum));
        }
        sums.replaceAll((name, sum) -> sum / measurements.size());
        return new Evidence(sums);
    }

    @JsonCreator
    public static Evidence of(Map<String, Double> values) {
        return new Evidence(new TreeMap<>(values));
    }
}
