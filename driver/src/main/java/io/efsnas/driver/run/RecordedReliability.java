package io.efsnas.driver.run;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What {@code reliability.json} says.
 *
 * @param images that scored each subnet
 * @param halves agreement of the accuracies on both halves of the images
 * @param checkpoints agreement of the accuracies by the last two checkpoints; null if there were none
 * @param liveParameters agreement of the accuracies with the parameters that reach the output
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RecordedReliability(
        @JsonProperty(required = true) int images,
        @JsonProperty(required = true) Check halves,
        Check checkpoints,
        @JsonProperty(required = true) Check liveParameters) {

    /**
     * An agreement.
     *
     * @param subspaces within each subspace of which something was scored
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Check(RecordedAgreement overall, List<RecordedAgreement> subspaces) {

        /** Kendall's tau within a subspace; null where undefined, as where nothing of it was scored. */
        public Double kendallTau(int subspace) {
            return subspaces.stream()
                    .filter(agreement -> agreement.subspace() == subspace)
                    .findFirst()
                    .map(RecordedAgreement::kendallTau)
                    .orElse(null);
        }
    }
}
