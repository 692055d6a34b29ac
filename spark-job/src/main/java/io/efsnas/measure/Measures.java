package io.efsnas.measure;

import io.efsnas.space.Architecture;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import org.apache.commons.text.similarity.LevenshteinDistance;

/**
 * The measures that some columns come from.
 *
 * @param columns the columns in the order in which values are given
 */
public record Measures(List<String> columns, List<Measure> measures) implements Serializable {

    public Measures {
        columns = List.copyOf(columns);
        measures = List.copyOf(measures);
    }

    /** The names of all columns that {@link ServiceLoader} finds measures for. */
    public static List<String> known() {
        return all().stream()
                .flatMap(measure -> measure.columns().stream())
                .sorted()
                .toList();
    }

    private static List<Measure> all() {
        return ServiceLoader.load(Measure.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /**
     * The measures of some columns.
     *
     * @throws IllegalArgumentException naming a column that no measure has, the nearest one and those there are
     */
    public static Measures of(List<String> columns) {
        Set<Measure> needed = new LinkedHashSet<>();
        List<Measure> all = all();
        for (String column : columns) {
            needed.add(all.stream()
                    .filter(measure -> measure.columns().contains(column))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("there is no measure '" + column
                            + "'; did you mean " + nearest(column) + "? Known: " + String.join(", ", known()))));
        }
        return new Measures(columns, List.copyOf(needed));
    }

    private static String nearest(String unknown) {
        LevenshteinDistance letters = LevenshteinDistance.getDefaultInstance();
        return known().stream()
                .min(Comparator.comparing(known -> letters.apply(known, unknown)))
                .orElseThrow();
    }

    /** Whether one of the measures needs this. */
    public boolean need(Needs what) {
        return measures.stream().anyMatch(measure -> measure.needs() == what);
    }

    /** Those of the measures that need one of these. */
    public Measures needing(Set<Needs> some) {
        List<Measure> kept = measures.stream()
                .filter(measure -> some.contains(measure.needs()))
                .toList();
        return new Measures(
                columns.stream()
                        .filter(column -> kept.stream()
                                .anyMatch(measure -> measure.columns().contains(column)))
                        .toList(),
                kept);
    }

    /** Whether one of the measures needs an untrained supernet, with or without images. */
    public boolean needNetworks() {
        return need(Needs.FRESH) || need(Needs.IMAGES);
    }

    /** Measures a connected architecture. */
    public Measured measure(Architecture architecture, MeasureContext context) {
        return measure(architecture, measures, context, new HashMap<>());
    }

    /**
     * Measures an architecture whose network has been measured: what needs nothing but the architecture is computed, all
     * else taken over.
     */
    public Measured takenOver(Architecture architecture, Measured network, MeasureContext context) {
        Map<String, Double> known = new HashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            known.put(columns.get(i), network.values().get(i));
        }
        List<Measure> own = measures.stream()
                .filter(measure -> measure.needs() == Needs.NOTHING)
                .toList();
        return measure(architecture, own, context, known);
    }

    private Measured measure(
            Architecture architecture, List<Measure> some, MeasureContext context, Map<String, Double> byColumn) {
        for (Measure measure : some) {
            double[] values = measure.of(architecture, context);
            if (values.length != measure.columns().size()) {
                throw new IllegalStateException("the measure of " + measure.columns() + " gave " + values.length
                        + " values: " + Arrays.toString(values));
            }
            for (int i = 0; i < values.length; i++) {
                byColumn.put(measure.columns().get(i), values[i]);
            }
        }
        return new Measured(architecture, columns.stream().map(byColumn::get).toList());
    }
}
