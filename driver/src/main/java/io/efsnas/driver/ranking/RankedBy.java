package io.efsnas.driver.ranking;

import java.util.Locale;
import java.util.OptionalDouble;

/** What a ranking with live parameters comes from, in a sentence for people: its weight decides, and is seldom seen. */
public final class RankedBy {

    public static final String FUSION = "ranked by three experts with an equal say: accuracy within each subspace, live"
            + " FLOPs, and the mean of expressivity, progressivity and trainability";

    private RankedBy() {}

    /**
     * Of the rank by accuracy and that by live parameters.
     *
     * @param configured the weight of the latter; empty if the reliability of the accuracies decides
     */
    public static String accuracyAndLiveParameters(OptionalDouble configured, Reliability reliability) {
        if (configured.isPresent()) {
            return sentence(configured.getAsDouble(), "as ranking.live-parameters-weight says");
        }
        double weight = reliability.priorWeight();
        double ofAccuracy = reliability.ofAccuracy();
        if (Double.isNaN(ofAccuracy)) {
            return sentence(
                    weight,
                    "since nothing shows how reliable the accuracies are: a single scoring batch has no two halves, and"
                            + " too few architectures were measured twice");
        }
        String reliable = String.format(Locale.ROOT, "the reliability of the accuracies is %.2f", ofAccuracy);
        if (weight > 0) {
            return sentence(weight, "since " + reliable);
        }
        return sentence(weight, "since the accuracies do not agree with them; " + reliable)
                + (ofAccuracy == 0 ? ", so that this ranking is no better than chance" : "");
    }

    private static String sentence(double weight, String because) {
        return String.format(
                Locale.ROOT,
                "%s (weight %.4f), %s",
                weight > 0
                        ? "ranked by accuracy and live parameters"
                        : "ranked by accuracy alone, without live parameters",
                weight,
                because);
    }
}
