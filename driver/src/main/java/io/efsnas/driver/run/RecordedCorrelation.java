package io.efsnas.driver.run;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What {@code correlation.json} says. Accuracies and regrets are in percent.
 *
 * @param accuracyOfFirst true accuracy of the architecture ranked first
 * @param bestAccuracy in the benchmark
 * @param ranked how many architectures were ranked
 * @param notInBenchmark how many of these the benchmark does not have
 * @param firstNotInBenchmark whether the one ranked first is among those
 * @param selectedNotInBenchmark whether the selected one is
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RecordedCorrelation(
        double accuracyOfFirst,
        double regret,
        double bestAccuracy,
        int ranked,
        int notInBenchmark,
        boolean firstNotInBenchmark,
        boolean selectedNotInBenchmark,
        @JsonProperty(required = true) List<Predictor> predictors) {

    /** What architectures were ordered by, and how well that agrees with the true accuracies. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Predictor(
            String name,
            RecordedAgreement overall,
            RecordedAgreement top10Percent,
            RecordedAgreement top1Percent,
            double accuracyOfFirst,
            double regret) {}
}
