package io.efsnas.driver.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.efsnas.split.SupernetNode;
import io.efsnas.supernet.Evaluation;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What {@code choice-NODE.json} says: which of the supernets that began as copies of one was kept, and why.
 *
 * @param node the id of the supernet that they began as copies of
 * @param kept the id of the one that was kept
 * @param candidates all of them, in the order of the tree
 */
public record ChoiceRecord(
        @JsonProperty(required = true) String node,
        @JsonProperty(required = true) String kept,
        @JsonProperty(required = true) List<Candidate> candidates) {

    /**
     * How a supernet's subnets did together.
     *
     * @param node its id
     * @param accuracy their mean accuracy, 0 to 1
     * @param loss their mean cross entropy in nats
     */
    public record Candidate(@JsonProperty(required = true) String node, double accuracy, double loss) {

        /**
         * A supernet.
         *
         * @param sum of what its subnets did
         */
        public static Candidate of(SupernetNode node, Evaluation sum) {
            return new Candidate(node.id(), sum.accuracy(), sum.loss());
        }
    }

    /**
     * Keeps the one with the highest accuracy; of equal ones that with the lowest loss, and of these the first.
     *
     * @param candidates at least one
     */
    public static ChoiceRecord of(String node, List<Candidate> candidates) {
        Candidate best = candidates.stream()
                .min(Comparator.comparingDouble(Candidate::accuracy).reversed().thenComparingDouble(Candidate::loss))
                .orElseThrow();
        return new ChoiceRecord(node, best.node(), List.copyOf(candidates));
    }

    /** The accuracies in percent, such as {@code 0 has 61.2 %, 1 has 59.8 %}. */
    public String describe() {
        return candidates.stream()
                .map(one -> String.format(Locale.ROOT, "%s has %.1f %%", one.node(), 100 * one.accuracy()))
                .collect(Collectors.joining(", "));
    }
}
