package io.efsnas.driver.report;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;

/**
 * What {@code correlation.json} says. Accuracies and regrets are in percent.
 *
 * @param accuracyOfFirst true accuracy of the architecture ranked first
 * @param bestAccuracy in the benchmark
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record RecordedCorrelation(double accuracyOfFirst, double regret, double bestAccuracy, List<Predictor> predictors) {

    /** What architectures were ordered by, and how well that agrees with the true accuracies. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Predictor(
            String name,
            RecordedAgreement overall,
            RecordedAgreement top10Percent,
            RecordedAgreement top1Percent,
            double accuracyOfFirst,
            double regret) {}
}
