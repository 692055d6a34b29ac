package io.efsnas.driver.run;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.run.Producer.Versions;
import io.efsnas.driver.storage.Json;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.Engine;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The file {@code search.json}: what produced a search's results, enough to repeat the search, and how it ended.
 *
 * @param state how far it has come
 * @param begun when it was started last, in ISO 8601
 * @param ended when it was complete, in ISO 8601; absent before
 * @param failure why it stopped or failed; absent otherwise
 * @param seed the seed of every random number
 * @param config the resolved configuration
 * @param data the images, and how many of them the configuration uses for what
 * @param versions the versions of what ran
 * @param engine the engine that computes
 * @param supernets the run directory that trained the supernets; absent for the search's own
 * @param tree the supernets as far as they are known, parents before their children; null in files of former versions
 * @param timings absent before it is complete
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SearchRecord(
        @JsonProperty(required = true) State state,
        @JsonProperty(required = true) String begun,
        String ended,
        String failure,
        long seed,
        @JsonProperty(required = true) JsonNode config,
        @JsonProperty(required = true) Data data,
        @JsonProperty(required = true) Versions versions,
        @JsonProperty(required = true) EngineUsed engine,
        String supernets,
        List<NodeRecord> tree,
        Timings timings) {

    private static final String ENGINE = "supernet.engine";
    private static final String THREADS = "supernet.threads";

    /** How far a search has come. */
    public enum State {
        @JsonProperty("running")
        RUNNING,
        /** By a signal. */
        @JsonProperty("stopped")
        STOPPED,
        @JsonProperty("failed")
        FAILED,
        @JsonProperty("complete")
        COMPLETE
    }

    /**
     * The images.
     *
     * @param shape channels, height and width
     * @param emptyClasses how many classes have no image
     * @param scoring how many of the validation images score each subnet
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Data(
            @JsonProperty(required = true) String fingerprint,
            String shape,
            int classes,
            int emptyClasses,
            int train,
            int validation,
            int test,
            int scoring) {}

    /**
     * What computes.
     *
     * @param build the engine's build at the driver, without a GPU, which only executors need to have
     * @param threads the number of threads of each supernet
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record EngineUsed(String name, String build, int threads) {

        /**
         * An engine on this class path.
         *
         * @throws UserMistake if its library does not load
         */
        public static EngineUsed of(String name, int threads) {
            return new EngineUsed(
                    name, UserMistake.checking(() -> Engine.named(name).description(Device.CPU)), threads);
        }
    }

    /**
     * A search that has just begun.
     *
     * @param supernets the run directory that has trained them; empty for the search's own
     */
    public static SearchRecord begun(
            SearchConfig config, Data data, EngineUsed engine, Optional<String> supernets, List<NodeRecord> tree) {
        Producer producer = Producer.of(config, data.fingerprint());
        return new SearchRecord(
                State.RUNNING,
                Instant.now().toString(),
                null,
                null,
                producer.seed(),
                producer.config(),
                data,
                producer.versions(),
                engine,
                supernets.orElse(null),
                tree,
                null);
    }

    /** This search, with supernets that are known by now. */
    public SearchRecord with(List<NodeRecord> grown) {
        return new SearchRecord(
                state, begun, ended, failure, seed, config, data, versions, engine, supernets, grown, timings);
    }

    /** This search, complete now. */
    public SearchRecord completed(Timings spent) {
        return with(State.COMPLETE, Instant.now().toString(), null, spent);
    }

    /** This search, ended before it is complete. */
    public SearchRecord ended(State how, String why) {
        return with(how, null, why, null);
    }

    private SearchRecord with(State how, String end, String why, Timings spent) {
        return new SearchRecord(how, begun, end, why, seed, config, data, versions, engine, supernets, tree, spent);
    }

    public boolean complete() {
        return state == State.COMPLETE;
    }

    /** The configuration that the search was run with. */
    public SearchConfig searchConfig() {
        return SearchConfig.parse(config.toString());
    }

    /** Configured rounds of each supernet. */
    int rounds() {
        return config.at("/training/rounds").asInt();
    }

    /** The supernets at the end of the tree that are not dropped, in its order. */
    public List<NodeRecord> leaves() {
        Set<String> parents = tree.stream().map(NodeRecord::parent).collect(Collectors.toSet());
        return tree.stream()
                .filter(node -> !parents.contains(node.node()) && !node.wasDropped())
                .toList();
    }

    /** Whether some supernets were dropped, so that the others serve a part of the space alone. */
    public boolean hasDropped() {
        return tree.stream().anyMatch(NodeRecord::wasDropped);
    }

    /** How many connected architectures the supernets at the end of the tree serve; null if they are too many to be counted. */
    public BigInteger architectures() {
        return leaves().stream()
                .map(NodeRecord::architectures)
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

    /**
     * Makes sure that a run directory's earlier search is this one: that nothing differs that could change its results.
     *
     * @param anyEngine whether engine and threads may differ, though they can
     * @throws UserMistake naming what differs
     */
    public void requireSame(RunDirectory run, SearchRecord earlier, boolean anyEngine) {
        Map<String, String> mine = Json.flat(config);
        // An earlier version of efsnas may have had fewer keys, and did what their defaults do.
        Map<String, String> theirs = Json.flat(Json.parse(earlier.searchConfig().render()));
        mine.put("the data's fingerprint", data.fingerprint());
        theirs.put("the data's fingerprint", earlier.data.fingerprint());
        Engine here = Engine.named(engine.name());
        boolean sameThreads = here.repeats(engine.build(), earlier.engine.threads(), Device.CPU, engine.threads());
        mine.put(ENGINE, engine.name());
        theirs.put(ENGINE, earlier.engine.name());
        mine.put(THREADS, Integer.toString(engine.threads()));
        theirs.put(THREADS, Integer.toString(sameThreads ? engine.threads() : earlier.engine.threads()));
        mine.put("the supernets", Objects.requireNonNullElse(supernets, "its own"));
        theirs.put("the supernets", Objects.requireNonNullElse(earlier.supernets, "its own"));
        requireSame(run, mine, theirs, anyEngine ? List.of(ENGINE, THREADS) : List.of());
    }

    /**
     * Makes sure that this search, of a run directory, has a configuration with the same results.
     *
     * @throws UserMistake naming what differs
     */
    public void requireSame(RunDirectory run, SearchConfig configuration) {
        requireSame(
                run,
                Json.flat(Json.parse(configuration.render())),
                Json.flat(Json.parse(searchConfig().render())),
                List.of(ENGINE, THREADS));
    }

    private static void requireSame(
            RunDirectory run, Map<String, String> mine, Map<String, String> theirs, List<String> free) {
        Set<String> keys = new TreeSet<>(mine.keySet());
        keys.addAll(theirs.keySet());
        Set<String> differences = new LinkedHashSet<>();
        keys.removeIf(key -> free.contains(key) || !SearchConfig.decidesResults(key));
        for (String key : keys) {
            if (!mine.getOrDefault(key, "").equals(theirs.getOrDefault(key, ""))) {
                differences.add(key + " (" + theirs.get(key) + " there, " + mine.get(key) + " now)");
            }
        }
        if (!differences.isEmpty()) {
            throw new UserMistake("the run directory " + run + " holds another search, which differs in "
                    + String.join(", ", differences) + "; use another run directory"
                    + (differences.stream().allMatch(SearchRecord::isOfEngine)
                            ? ", or --allow-engine-change to resume with other bits"
                            : ""));
        }
    }

    private static boolean isOfEngine(String difference) {
        return difference.startsWith(ENGINE) || difference.startsWith(THREADS);
    }
}
