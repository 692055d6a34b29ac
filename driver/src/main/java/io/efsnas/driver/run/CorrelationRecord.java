package io.efsnas.driver.run;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * The file {@code correlation.json}: how the ranking agrees with true accuracies. Accuracies and regrets are in percent.
 *
 * @param first the architecture that the ranking has before all others of the table
 * @param accuracyOfFirst its true accuracy
 * @param regret by how much the best true accuracy among the architectures compared exceeds that
 * @param bestCompared the highest true accuracy among the architectures compared
 * @param table what the true accuracies were read from
 * @param ranked how many architectures were ranked
 * @param notInBenchmark how many of these the table does not have
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
        @JsonProperty(required = true) Table table,
        int ranked,
        int notInBenchmark,
        boolean firstNotInBenchmark,
        Boolean selectedNotInBenchmark,
        @JsonProperty(required = true) List<Predictor> predictors) {

    /**
     * A table of true accuracies.
     *
     * @param architectures how many it has
     * @param notRanked how many of these were not ranked
     * @param bestAccuracy the highest true accuracy in it
     * @param columns those whose mean is the true accuracy
     * @param repeatedRows how many of its rows are further ones of an architecture that it has already
     * @param fractions whether its accuracies are from 0 to 1, and not in percent
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Table(
            int architectures,
            int notRanked,
            double bestAccuracy,
            List<String> columns,
            int repeatedRows,
            boolean fractions) {}

    /**
     * What architectures were ordered by, and how well that agrees with the true accuracies.
     *
     * @param overall the agreement among all architectures
     * @param kendallTauInterval its tau at 95 % confidence; null where undefined
     * @param sparseKendallTau tau with the true accuracies rounded to 0.1 %; null where undefined
     * @param top the agreement among those that are truly the best
     * @param subspaces the agreement within each subspace; empty if they are not known
     * @param first the architecture that it ranks first
     * @param bestOfTen the best of the ten that it ranks first
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Predictor(
            String name,
            @JsonProperty(required = true) AgreementRecord overall,
            Interval kendallTauInterval,
            Double sparseKendallTau,
            @JsonProperty(required = true) Top top,
            List<AgreementRecord> subspaces,
            @JsonProperty(required = true) Choice first,
            @JsonProperty(required = true) Choice bestOfTen) {}

    /** Where a coefficient is with 95 % confidence. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Interval(double low, double high) {}

    /** The agreement among the half, the tenth and the hundredth of the architectures that are truly the best. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Top(
            @JsonProperty(required = true) AgreementRecord half,
            @JsonProperty(required = true) AgreementRecord tenth,
            @JsonProperty(required = true) AgreementRecord hundredth) {}

    /**
     * The truly best of the few that a predictor ranks first; the mean over all choices where some are tied.
     *
     * @param accuracy its true accuracy
     * @param regret by how much the best among the architectures compared exceeds that
     * @param percentile how many of 100 architectures compared have no higher true accuracy
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Choice(double accuracy, double regret, double percentile) {}
}
