package io.efsnas.driver.run;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.efsnas.driver.statistics.SubspaceCorrelation;
import java.util.List;
import java.util.Optional;

/**
 * The file {@code reliability.json}: how far the accuracies of a ranking can be believed, without any true ones.
 *
 * @param images the number of images that scored each subnet
 * @param halves agreement of the accuracies on both halves of the images
 * @param checkpoints agreement of the accuracies by the last two checkpoints; absent if there were none
 * @param liveParameters agreement of the accuracies with the parameters that reach the output
 * @param ofAccuracy the share of the ranks by accuracy that is not due to chance, 0 to 1; null if unknown
 * @param intervals one for each accuracy in the ranking, the highest first
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ReliabilityRecord(
        @JsonProperty(required = true) int images,
        @JsonProperty(required = true) Check halves,
        @JsonInclude(JsonInclude.Include.NON_NULL) Check checkpoints,
        @JsonProperty(required = true) Check liveParameters,
        Double ofAccuracy,
        List<Interval> intervals) {

    /**
     * An agreement of two measurements.
     *
     * @param subspaces within each subspace of which something was scored
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Check(
            @JsonProperty(required = true) AgreementRecord overall,
            @JsonProperty(required = true) List<AgreementRecord> subspaces) {

        public static Check of(SubspaceCorrelation correlation) {
            return new Check(AgreementRecord.of(correlation.overall()), AgreementRecord.within(correlation));
        }

        /** Kendall's tau within the subspace of a supernet; null where undefined, as where nothing of it was scored. */
        public Double kendallTau(String node) {
            return subspaces.stream()
                    .filter(agreement -> node.equals(agreement.node()))
                    .findFirst()
                    .map(AgreementRecord::kendallTau)
                    .orElse(null);
        }
    }

    /**
     * Where the accuracy on all images there could be lies, with 95 % confidence.
     *
     * @param accuracy the accuracy on the scored images, 0 to 1
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Interval(double accuracy, double low, double high) {}

    /** What the checks found; see the components. */
    public static ReliabilityRecord of(
            int images,
            SubspaceCorrelation halves,
            Optional<SubspaceCorrelation> checkpoints,
            SubspaceCorrelation liveParameters,
            double ofAccuracy,
            List<Interval> intervals) {
        return new ReliabilityRecord(
                images,
                Check.of(halves),
                checkpoints.map(Check::of).orElse(null),
                Check.of(liveParameters),
                AgreementRecord.numberOrNull(ofAccuracy),
                intervals);
    }
}
