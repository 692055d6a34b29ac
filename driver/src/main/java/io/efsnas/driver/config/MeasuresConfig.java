package io.efsnas.driver.config;

import io.efsnas.measure.Measure;
import io.efsnas.measure.Measures;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How architectures are measured.
 *
 * @param batch images, or images of noise, that untrained networks are given at a time
 * @param settings those of each measure that is used and has some, by its own keys
 */
public record MeasuresConfig(int batch, Map<String, Map<String, Object>> settings) {

    /** The section of the settings of measures, most of them in a section of its name. */
    static final String MEASURES = "measures";

    private static final String BATCH = "batch";

    public MeasuresConfig {
        settings = Map.copyOf(settings);
    }

    /**
     * @param used the measures whose settings count
     */
    static MeasuresConfig read(Section section, Collection<Measure> used) {
        Map<String, Map<String, Object>> settings = new HashMap<>();
        for (Measure measure : used) {
            if (!measure.defaults().isEmpty()) {
                Section its = section.section(measure.name());
                Map<String, Object> values = its.settings(measure);
                its.checking(() -> measure.with(values));
                settings.put(measure.name(), values);
            }
        }
        return new MeasuresConfig(section.intAtLeast(BATCH, 2), settings);
    }

    Map<String, Object> toMap() {
        Map<String, Object> all = new LinkedHashMap<>(settings);
        all.put(BATCH, batch);
        return all;
    }

    /** The measures of some columns, as they are set. */
    public Measures of(List<String> columns) {
        return Measures.of(columns).with(settings);
    }
}
