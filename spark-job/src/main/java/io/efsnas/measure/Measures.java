package io.efsnas.measure;

import io.efsnas.network.ModelSize;
import io.efsnas.provider.Providers;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
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
        return Providers.all(Measure.class);
    }

    /**
     * The measures of some columns, with their defaults.
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

    /**
     * The same measures as some settings have them.
     *
     * @param settings of measures by their names; of others their defaults count
     */
    public Measures with(Map<String, Map<String, Object>> settings) {
        return new Measures(
                columns,
                measures.stream()
                        .map(measure -> measure.with(settings.getOrDefault(measure.name(), measure.defaults())))
                        .toList());
    }

    /**
     * These, if all of them can measure architectures of a space.
     *
     * @param size the size of the networks
     * @throws IllegalArgumentException saying what the space does not have
     */
    public Measures checked(SearchSpace space, ModelSize size) {
        measures.forEach(measure -> measure.check(space, size));
        return this;
    }

    /** Whether all of them may suit a space. */
    public boolean suit(SearchSpace space) {
        return measures.stream().allMatch(measure -> measure.suits(space));
    }

    /** Whether one of the measures needs one of these. */
    public boolean need(Needs... some) {
        return measures.stream().anyMatch(measure -> Arrays.asList(some).contains(measure.needs()));
    }

    /** Whether one of the measures needs images. */
    public boolean needImages() {
        return need(Needs.IMAGES, Needs.TRAINABLE);
    }

    /** Whether one of the measures asks trained supernets for gradients. */
    public boolean needGradients() {
        return measures.stream().anyMatch(Measure::needsGradients);
    }

    /** The number of batches of training images that the measures look at. */
    public int imageBatches() {
        return measures.stream().mapToInt(Measure::imageBatches).max().orElse(0);
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

    /** Those that need nothing but the architecture. */
    public Measures ofArchitectures() {
        return needing(EnumSet.of(Needs.NOTHING));
    }

    /** Those that need its network, and give all architectures with the same network the same. */
    public Measures ofNetworks() {
        return needing(EnumSet.complementOf(EnumSet.of(Needs.NOTHING)));
    }

    /**
     * Puts together what was measured of an architecture.
     *
     * @param own by {@link #ofArchitectures}
     * @param network by {@link #ofNetworks}
     */
    public Measured of(Measured own, Measured network) {
        Map<String, Double> byColumn = new HashMap<>();
        ofArchitectures().put(own, byColumn);
        ofNetworks().put(network, byColumn);
        return new Measured(
                own.architecture(), columns.stream().map(byColumn::get).toList());
    }

    private void put(Measured measured, Map<String, Double> byColumn) {
        for (int i = 0; i < columns.size(); i++) {
            byColumn.put(columns.get(i), measured.values().get(i));
        }
    }

    /** Measures a connected architecture. */
    public Measured measure(Architecture architecture, MeasureContext context) {
        Map<String, Double> byColumn = new HashMap<>();
        for (Measure measure : measures) {
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
