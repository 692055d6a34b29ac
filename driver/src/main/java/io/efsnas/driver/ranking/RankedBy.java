package io.efsnas.driver.ranking;

import java.util.Locale;
import java.util.OptionalDouble;

/** What a ranking with live parameters comes from, in a sentence for people: its weight decides, and is seldom seen. */
public final class RankedBy {

    private RankedBy() {}

    /** Of the three experts of a fusion. */
    public static String fusion(Fusion fusion) {
        String free = "live FLOPs and the mean of expressivity, progressivity and trainability";
        if (Double.isNaN(fusion.agreement())) {
            return "ranked by " + free
                    + " alone: too few architectures, or all of the same accuracy, to show whether to"
                    + " believe the accuracies";
        }
        if (fusion.weight() == 0) {
            return String.format(
                    Locale.ROOT,
                    "ranked by %s alone: within subspaces the accuracies do not agree with them (%.2f)",
                    free,
                    fusion.agreement());
        }
        return String.format(
                Locale.ROOT,
                "ranked by accuracy within each subspace (weight %.4f), %s, since within subspaces the accuracies agree with"
                        + " the others by %.2f",
                fusion.weight(),
                free,
                fusion.agreement());
    }

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
