package io.efsnas.driver.config;

import java.util.Map;
import java.util.OptionalLong;

/**
 * What the selected architecture may cost as the final network.
 *
 * @param maxFlops multiply-adds for one image; empty for no limit
 * @param maxParameters learned values; empty for no limit
 */
public record RankingConfig(OptionalLong maxFlops, OptionalLong maxParameters) {

    static RankingConfig read(Section section) {
        Section limits = section.section("limits");
        return new RankingConfig(
                limits.longAtLeastOr("flops", 1, "none"), limits.longAtLeastOr("parameters", 1, "none"));
    }

    Map<String, Object> toMap() {
        return Map.of(
                "limits",
                Map.of(
                        "flops", maxFlops.isPresent() ? maxFlops.getAsLong() : "none",
                        "parameters", maxParameters.isPresent() ? maxParameters.getAsLong() : "none"));
    }
}
