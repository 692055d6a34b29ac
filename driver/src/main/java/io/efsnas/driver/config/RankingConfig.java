package io.efsnas.driver.config;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How subnets are ranked, and what the selected architecture may cost as the final network.
 *
 * @param liveParametersWeight of the rank by live parameters where that by accuracy has 1; empty to have the reliability
 *     of the accuracies decide
 * @param maxFlops multiply-adds for one image; empty for no limit
 * @param maxParameters learned values; empty for no limit
 */
public record RankingConfig(
        Score score, OptionalDouble liveParametersWeight, OptionalLong maxFlops, OptionalLong maxParameters) {

    /** Whether the ranking depends on how reliable accuracies turn out to be. */
    boolean weighsByReliability() {
        return score == Score.ACCURACY_AND_LIVE_PARAMETERS && liveParametersWeight.isEmpty();
    }

    /** What subnets are ranked by. */
    public enum Score {
        ACCURACY,
        LOSS,
        ACCURACY_AND_LIVE_PARAMETERS,
        FUSION
    }

    static RankingConfig read(Section section) {
        Section limits = section.section("limits");
        return new RankingConfig(
                section.oneOf("score", Score.class),
                section.numberOr("live-parameters-weight", value -> value >= 0, "a number of at least 0", "auto"),
                limits.longAtLeastOr("flops", 1, "none"),
                limits.longAtLeastOr("parameters", 1, "none"));
    }

    Map<String, Object> toMap() {
        return Map.of(
                "score", Key.of(score),
                "live-parameters-weight", Section.orWord(liveParametersWeight, "auto"),
                "limits",
                        Map.of(
                                "flops", Section.orWord(maxFlops, "none"),
                                "parameters", Section.orWord(maxParameters, "none")));
    }
}
