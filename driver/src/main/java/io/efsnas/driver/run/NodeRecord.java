package io.efsnas.driver.run;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.efsnas.split.SupernetNode;
import java.math.BigInteger;
import java.util.Optional;

/**
 * A supernet, as {@code search.json} has it.
 *
 * @param node its id
 * @param parent the id of the supernet that it is a part of, as a copy of which it began unless it restarted; null if it has
 *     none
 * @param subspace the label of what it serves, such as the counts of nonlinear functions {@code 0,1}
 * @param architectures the number of connected architectures; null if they are too many to count
 * @param width how many supernets at the end of the tree it stands for
 * @param parameters learned values of the supernet
 * @param workers how many train it; null if that is not decided yet, or always 1
 * @param dropped true if it serves nothing, since another one was kept; null if it does
 * @param restarted true if it has a parent, but began with weights of its own; null if not
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record NodeRecord(
        @JsonProperty(required = true) String node,
        String parent,
        @JsonProperty(required = true) String subspace,
        BigInteger architectures,
        @JsonProperty(required = true) int width,
        int channels,
        int cells,
        long parameters,
        @JsonInclude(JsonInclude.Include.NON_NULL) Integer workers,
        @JsonInclude(JsonInclude.Include.NON_NULL) Boolean dropped,
        @JsonInclude(JsonInclude.Include.NON_NULL) Boolean restarted) {

    /**
     * A supernet of the tree.
     *
     * @param parameters learned values of the supernet
     * @param workers how many train it, if several may and it is decided
     * @param dropped whether it serves nothing, since another one was kept
     */
    public static NodeRecord of(SupernetNode node, long parameters, Optional<Integer> workers, boolean dropped) {
        return new NodeRecord(
                node.id(),
                node.parent().orElse(null),
                node.subspace().label(),
                node.subspace().size().orElse(null),
                node.width(),
                node.size().channels(),
                node.size().cells(),
                parameters,
                workers.orElse(null),
                dropped ? true : null,
                node.parent().isPresent() && node.phase().restarts() ? true : null);
    }

    /** The id of the supernet that it began as a copy of, if it began as one. */
    public Optional<String> copied() {
        return restarted != null && restarted ? Optional.empty() : Optional.ofNullable(parent);
    }

    /** Whether it serves nothing, since another one was kept. */
    public boolean wasDropped() {
        return dropped != null && dropped;
    }
}
