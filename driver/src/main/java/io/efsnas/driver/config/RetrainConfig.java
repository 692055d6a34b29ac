package io.efsnas.driver.config;

import io.efsnas.driver.config.TrainingConfig.LearningRate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How the selected architecture is trained from scratch.
 *
 * @param enabled whether a search ends with it
 * @param epochs over the training images
 * @param batch images in a worker's batch
 * @param momentum of Nesterov, 0 to below 1
 * @param weightDecay added to the gradient as this times the weight
 * @param labelSmoothing the probability that is spread over all classes, 0 to below 1
 * @param mode how workers train together
 * @param averagingFrequency batches of each worker between two averagings
 * @param workers that train at a time; empty for as many tasks as Spark runs
 */
public record RetrainConfig(
        boolean enabled,
        int epochs,
        int batch,
        LearningRate learningRate,
        double momentum,
        double weightDecay,
        double labelSmoothing,
        Mode mode,
        int averagingFrequency,
        OptionalInt workers) {

    /** How the workers of a cluster train one network together. */
    public enum Mode {
        PARAMETER_AVERAGING,
        GRADIENT_SHARING;

        private static final List<String> NAMES =
                Arrays.stream(values()).map(Mode::toString).toList();

        /** The name in a configuration. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    static RetrainConfig read(Section section) {
        return new RetrainConfig(
                section.bool("enabled"),
                section.intAtLeast("epochs", 1),
                section.intAtLeast("batch", 2),
                LearningRate.read(section.section("learning-rate")),
                section.belowOne("momentum"),
                section.belowOne("weight-decay"),
                section.belowOne("label-smoothing"),
                Mode.values()[Mode.NAMES.indexOf(section.oneOf("mode", Mode.NAMES))],
                section.intAtLeast("averaging-frequency", 1),
                section.intAtLeastOr("workers", 1, "auto"));
    }

    Map<String, Object> toMap() {
        return Map.of(
                "enabled", enabled,
                "epochs", epochs,
                "batch", batch,
                "learning-rate", learningRate.toMap(),
                "momentum", momentum,
                "weight-decay", weightDecay,
                "label-smoothing", labelSmoothing,
                "mode", mode.toString(),
                "averaging-frequency", averagingFrequency,
                "workers", workers.isPresent() ? workers.getAsInt() : "auto");
    }
}
