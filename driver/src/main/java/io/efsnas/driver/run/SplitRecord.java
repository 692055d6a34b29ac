package io.efsnas.driver.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.efsnas.split.Evidence;
import java.util.List;

/**
 * What {@code split-NODE.json} says: how a supernet was split, and what was measured for it.
 *
 * @param node the id of the supernet
 * @param parts the labels of the parts, in the order of the supernets that serve them
 */
public record SplitRecord(
        @JsonProperty(required = true) String node,
        @JsonProperty(required = true) List<String> parts,
        @JsonProperty(required = true) Evidence evidence) {}
