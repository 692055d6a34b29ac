package io.efsnas.driver.run;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.efsnas.driver.statistics.Correlation;
import io.efsnas.driver.statistics.SubspaceCorrelation;
import java.util.List;

/**
 * How alike two scores order architectures, as {@code correlation.json} and {@code reliability.json} have it.
 *
 * @param node id of the supernet whose subspace alone is compared; null for an agreement over all
 * @param architectures how many are compared
 * @param kendallTau -1 to 1; null where undefined
 * @param spearmanRho -1 to 1; null where undefined
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record AgreementRecord(
        @JsonInclude(JsonInclude.Include.NON_NULL) String node,
        @JsonProperty(required = true) int architectures,
        Double kendallTau,
        Double spearmanRho) {

    /** The agreement over all subspaces. */
    public static AgreementRecord of(Correlation overall) {
        return of(null, overall);
    }

    /** The agreements within each subspace, by the ids of their supernets. */
    public static List<AgreementRecord> within(SubspaceCorrelation correlation) {
        return correlation.subspaces().entrySet().stream()
                .map(subspace -> of(subspace.getKey(), subspace.getValue()))
                .toList();
    }

    private static AgreementRecord of(String node, Correlation correlation) {
        return new AgreementRecord(
                node,
                correlation.architectures(),
                numberOrNull(correlation.kendallTau()),
                numberOrNull(correlation.spearmanRho()));
    }

    /** Whether there are architectures to compare, but one of the two scores is the same for all of them. */
    public boolean constant() {
        return architectures > 1 && kendallTau == null;
    }

    /** A number, or null for one that is undefined, which JSON does not have. */
    public static Double numberOrNull(double value) {
        return Double.isNaN(value) ? null : Double.valueOf(value);
    }
}
