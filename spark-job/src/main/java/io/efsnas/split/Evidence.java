package io.efsnas.split;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.Serializable;
import java.util.Collections;
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

    @JsonCreator
    public static Evidence of(Map<String, Double> values) {
        return new Evidence(new TreeMap<>(values));
    }
}
