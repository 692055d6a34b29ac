package io.efsnas.driver.run;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What {@code search.json} says.
 *
 * @param begun when the search was started last, in ISO 8601
 * @param ended in ISO 8601; null as long as it runs
 * @param config as resolved
 * @param tree the supernets, parents before their children; null in files of former versions
 * @param supernets the run directory that trained them; null if it is this one
 * @param timings null as long as it runs
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RecordedSearch(
        @JsonProperty(required = true) String state,
        @JsonProperty(required = true) String begun,
        String ended,
        long seed,
        @JsonProperty(required = true) JsonNode config,
        @JsonProperty(required = true) Data data,
        List<RecordedNode> tree,
        @JsonProperty(required = true) EngineUsed engine,
        @JsonProperty(required = true) Versions versions,
        String supernets,
        Timings timings) {

    /**
     * The images.
     *
     * @param shape channels, height and width
     * @param scoring how many of the validation images score each subnet
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Data(
            String fingerprint, String shape, int classes, int train, int validation, int test, int scoring) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    public record EngineUsed(String name, String build, int threads) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Versions(String efsnas, String spark, String java) {}

    /** Seconds; all but the two on the wall are summed over devices. Of the process that ended the search. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Timings(
            int slots,
            double trainingWallSeconds,
            double scoringWallSeconds,
            double trainingSeconds,
            double scoringSeconds,
            double dataSeconds,
            double checkpointSeconds,
            double preparationSeconds,
            double overheadShare) {}

    public boolean complete() {
        return state.equals("complete");
    }

    /** The supernets at the end of the tree, in its order. */
    public List<RecordedNode> leaves() {
        Set<String> parents = tree.stream().map(RecordedNode::parent).collect(Collectors.toSet());
        return tree.stream().filter(node -> !parents.contains(node.node())).toList();
    }

    /** How many connected architectures there are; null if they are too many to be counted. */
    public BigInteger architectures() {
        return leaves().stream()
                .map(RecordedNode::architectures)
                .reduce(BigInteger.ZERO, (sum, more) -> sum == null || more == null ? null : sum.add(more));
    }

    /** When, to the minute, such as {@code 2026-11-22 19:05 UTC to 19:06 UTC}. */
    public String when() {
        return minute(begun)
                + Optional.ofNullable(ended).map(end -> " to " + minute(end)).orElse("");
    }

    private static String minute(String instant) {
        return DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'")
                .withZone(ZoneOffset.UTC)
                .format(Instant.parse(instant).truncatedTo(ChronoUnit.MINUTES));
    }
}
