package io.efsnas.driver.run;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * The file {@code correlation.json}: how the ranking agrees with true accuracies. Accuracies and regrets are in percent.
 *
 * @param first the architecture that the ranking has before all others of the benchmark
 * @param accuracyOfFirst its true accuracy
 * @param regret by how much the best true accuracy among the architectures compared exceeds that
 * @param bestCompared the highest true accuracy among the architectures compared
 * @param bestAccuracy the highest true accuracy in the benchmark
 * @param notRanked how many architectures of the benchmark were not ranked
 * @param ranked how many architectures were ranked
 * @param notInBenchmark how many of these the benchmark does not have
 * @param firstNotInBenchmark whether the one ranked first is among those
 * @param selectedNotInBenchmark whether the selected one is; absent if none was selected
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CorrelationRecord(
        String first,
        double accuracyOfFirst,
        double regret,
        double bestCompared,
        double bestAccuracy,
        int notRanked,
        int ranked,
        int notInBenchmark,
        boolean firstNotInBenchmark,
        Boolean selectedNotInBenchmark,
        @JsonProperty(required = true) List<Predictor> predictors) {

    /**
     * What architectures were ordered by, and how well that agrees with the true accuracies.
     *
     * @param subspaces the agreement within each subspace; empty if they are not known
     * @param top10Percent the agreement among the tenth that is truly the best
     * @param top1Percent the agreement among the hundredth that is truly the best
     * @param accuracyOfFirst true accuracy of the one that it ranks first
     * @param regret by how much the best exceeds that
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Predictor(
            String name,
            @JsonProperty(required = true) AgreementRecord overall,
            List<AgreementRecord> subspaces,
            @JsonProperty(required = true) AgreementRecord top10Percent,
            @JsonProperty(required = true) AgreementRecord top1Percent,
            double accuracyOfFirst,
            double regret) {}
}
