package io.efsnas.driver.config;

import java.util.Map;
import java.util.Optional;

/**
 * Where a run is told of beside its directory.
 *
 * @param mlflow the URL of an MLflow server; empty for none
 * @param experiment the name of the experiment that the run belongs to there
 */
public record TrackingConfig(Optional<String> mlflow, String experiment) {

    private static final String MLFLOW = "mlflow";
    private static final String EXPERIMENT = "experiment";
    private static final String NONE = "none";

    static TrackingConfig read(Section section) {
        String url = section.text(MLFLOW);
        if (!url.equals(NONE) && !url.matches("https?://[^/?#@]+(/[^?#@]*)?")) {
            throw section.refuse(MLFLOW, "expected none, or a URL without a password, such as \"http://host:5000\"");
        }
        String experiment = section.text(EXPERIMENT);
        if (experiment.isBlank()) {
            throw section.refuse(EXPERIMENT, "expected a name");
        }
        return new TrackingConfig(
                Optional.of(url).filter(any -> !any.equals(NONE)).map(any -> any.replaceFirst("/+$", "")), experiment);
    }

    Map<String, Object> toMap() {
        return Map.of(MLFLOW, mlflow.orElse(NONE), EXPERIMENT, experiment);
    }
}
