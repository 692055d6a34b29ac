package io.efsnas.driver.run;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.efsnas.retraining.EpochReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The file {@code retraining/progress.json}: how far a retraining has come, and what decides its result.
 *
 * @param settings numbers and texts by their names, those that the engine has
 * @param epochs the epochs that are done
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RetrainingRecord(
        @JsonProperty(required = true) Map<String, Object> settings,
        @JsonProperty(required = true) List<EpochReport> epochs) {

    /** Names that earlier versions wrote, and what they are now. */
    private static final Map<String, String> FORMER_NAMES =
            Map.of("train-share", "trainShare", "validation-share", "validationShare", "data-seed", "dataSeed");

    public RetrainingRecord {
        Map<String, Object> named = new LinkedHashMap<>();
        settings.forEach((name, value) -> named.put(FORMER_NAMES.getOrDefault(name, name), value));
        settings = named;
        epochs = List.copyOf(epochs);
    }

    /** A setting as text, since a number that was read may be of another type than the same that was not. */
    public Optional<String> setting(String name) {
        return Optional.ofNullable(settings.get(name)).map(Object::toString);
    }

    /** A setting that is a whole number; empty if there is none of the name. */
    public Optional<Integer> wholeNumber(String name) {
        return settings.get(name) instanceof Integer number ? Optional.of(number) : Optional.empty();
    }
}
