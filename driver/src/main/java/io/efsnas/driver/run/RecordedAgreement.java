package io.efsnas.driver.run;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * How alike two scores order architectures, as {@code correlation.json} and {@code reliability.json} have it.
 *
 * @param subspace its index; 0 for an agreement over all
 * @param kendallTau null where undefined
 * @param spearmanRho null where undefined
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RecordedAgreement(int subspace, int architectures, Double kendallTau, Double spearmanRho) {}
