package io.efsnas.driver.run;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.efsnas.driver.run.Producer.Versions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The file {@code comparison.json}: what strategies found at the same cost. Costs are training steps of one subnet, and
 * accuracies and regrets of the table are in percent.
 *
 * @param begun when it was started last, in ISO 8601
 * @param ended when all searches had ended, in ISO 8601; absent before
 * @param space that was searched
 * @param cost that the training of each search may have
 * @param table of true accuracies; absent without one
 * @param searches one for each strategy and seed, strategy by strategy
 * @param baselines what a search has to beat: how architectures of the table are ordered by what costs nothing
 * @param devices of the last process; absent before a search has ended
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ComparisonRecord(
        @JsonProperty(required = true) String begun,
        String ended,
        @JsonProperty(required = true) String space,
        double cost,
        Table table,
        @JsonProperty(required = true) Versions versions,
        @JsonProperty(required = true) List<Search> searches,
        @JsonProperty(required = true) List<Quality> baselines,
        Devices devices) {

    /** The predictor that a search ranks by. */
    public static final String SCORE = "score";

    /** The searches by their strategies. */
    public List<StrategyRecord> strategies() {
        Map<String, List<Search>> byStrategy = searches.stream()
                .collect(Collectors.groupingBy(Search::strategy, LinkedHashMap::new, Collectors.toList()));
        return byStrategy.entrySet().stream()
                .map(strategy -> new StrategyRecord(strategy.getKey(), strategy.getValue()))
                .toList();
    }

    /** How far a search has come. */
    public enum State {
        @JsonProperty("waiting")
        WAITING,
        @JsonProperty("stopped")
        STOPPED,
        @JsonProperty("failed")
        FAILED,
        @JsonProperty("complete")
        COMPLETE
    }

    /**
     * A table of true accuracies.
     *
     * @param architectures how many it has
     * @param best the highest accuracy in it
     * @param fingerprint of its rows
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Table(
            @JsonProperty(required = true) String path, int architectures, double best, String fingerprint) {}

    /**
     * A search, whose run directory has its name.
     *
     * @param steps of each of its supernets, or of each network that it trains by itself; 0 if nothing is trained
     * @param cost of its training; 0 if nothing is trained
     * @param deviceSeconds that tasks took for it, in all processes that recorded them
     * @param failure why it stopped or failed; absent otherwise
     * @param result absent before it is complete
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Search(
            @JsonProperty(required = true) String name,
            @JsonProperty(required = true) String strategy,
            long seed,
            int steps,
            double cost,
            double deviceSeconds,
            @JsonProperty(required = true) State state,
            String failure,
            Result result) {

        /** The same search, somewhere else. */
        public Search with(State now, double seconds, String why, Result found) {
            return new Search(name, strategy, seed, steps, cost, seconds, now, why, found);
        }
    }

    /**
     * What a search found.
     *
     * @param rule that ranked
     * @param selected the architecture
     * @param accuracy of the selected one by its supernet, 0 to 1; absent if none was trained
     * @param flops multiply-adds of the selected one as the final network
     * @param parameters of it
     * @param testAccuracy of the selected one, trained from scratch, 0 to 1; absent without {@code retrain.enabled}
     * @param trueAccuracy of the selected one; absent if there is no table, or it is not in it
     * @param qualities of what it could have been ranked by, {@code score} first; empty without a table
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Result(
            String rule,
            @JsonProperty(required = true) String selected,
            Double accuracy,
            double flops,
            double parameters,
            Double testAccuracy,
            Double trueAccuracy,
            @JsonProperty(required = true) List<Quality> qualities) {

        /** How well one predictor orders the table. */
        public Optional<Quality> quality(String predictor) {
            return qualities.stream()
                    .filter(quality -> quality.predictor().equals(predictor))
                    .findFirst();
        }
    }

    /**
     * How well a predictor orders the architectures of the table.
     *
     * @param architectures how many are compared
     * @param kendallTau null where undefined
     * @param kendallTauTopHalf among the truly better half; null where undefined
     * @param regretOfFirst by how much the best of the table exceeds the architecture that it ranks first
     * @param regretOfBestOfTen by how much the best of the table exceeds the best of the ten that it ranks first
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Quality(
            @JsonProperty(required = true) String predictor,
            int architectures,
            Double kendallTau,
            Double kendallTauTopHalf,
            double regretOfFirst,
            double regretOfBestOfTen) {}

    /**
     * How busy the devices were.
     *
     * @param slots tasks that run at a time
     * @param wallSeconds of the process so far
     * @param busySeconds that tasks took, summed over slots
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Devices(int slots, double wallSeconds, double busySeconds) {

        /** The share of the devices' time in which no task ran, 0 to 1. */
        public double idleShare() {
            return Math.max(0, 1 - busySeconds / (slots * wallSeconds));
        }
    }
}
