package io.efsnas.driver.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.process.Version;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.package$;

/**
 * What produced a search's results, as {@code search.json} has it: enough to repeat the search.
 *
 * @param config as resolved
 * @param fingerprint of the data
 * @param engine that computes
 * @param threads of each supernet
 * @param supernets the run directory that has trained them; empty for the search's own
 */
public record SearchRecord(
        SearchConfig config, String fingerprint, String engine, int threads, Optional<String> supernets) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ENGINE = "supernet.engine";
    private static final String THREADS = "supernet.threads";

    /** A search that has just begun. */
    public ObjectNode begun() {
        ObjectNode json = JSON.createObjectNode();
        json.put("state", "running");
        json.put("begun", Instant.now().toString());
        json.setAll(producer(config, fingerprint));
        // Without a GPU, which only executors need to have: rounds.json has theirs.
        json.putObject("engine")
                .put("name", engine)
                .put("build", UserMistake.checking(() -> Engine.named(engine).description(Device.CPU)))
                .put("threads", threads);
        supernets.ifPresent(directory -> json.put("supernets", directory));
        return json;
    }

    /** The configuration, seed, data and versions that results come from. */
    public static ObjectNode producer(SearchConfig config, String fingerprint) {
        ObjectNode json = JSON.createObjectNode();
        json.put("seed", config.seed());
        json.set("config", configJson(config));
        json.putObject("data").put("fingerprint", fingerprint);
        json.putObject("versions")
                .put("efsnas", Version.of())
                .put("spark", package$.MODULE$.SPARK_VERSION())
                .put("java", Runtime.version().toString());
        return json;
    }

    private static JsonNode configJson(SearchConfig config) {
        try {
            return JSON.readTree(config.render());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of the data that a search was run with. */
    public static String fingerprint(JsonNode search) {
        return search.path("data").path("fingerprint").asText();
    }

    /** How many threads each supernet of a search computed with. */
    public static int threads(JsonNode search) {
        return search.path("engine").path("threads").asInt();
    }

    /** The configuration that a search was run with. */
    public static SearchConfig config(JsonNode search) {
        return SearchConfig.parse(search.path("config").toString());
    }

    /**
     * Makes sure that a run directory's earlier search is this one: that nothing differs that could change its results.
     *
     * @param anyEngine whether engine and threads may differ, though they can
     * @throws UserMistake naming what differs
     */
    public void requireSame(RunDirectory run, JsonNode earlier, boolean anyEngine) {
        Map<String, String> mine = flat(configJson(config));
        Map<String, String> theirs = flat(earlier.path("config"));
        mine.put("the data's fingerprint", fingerprint);
        theirs.put("the data's fingerprint", fingerprint(earlier));
        int earlierThreads = threads(earlier);
        Engine here = Engine.named(engine);
        boolean otherThreads = !here.repeats(here.description(Device.CPU), earlierThreads, Device.CPU, threads);
        mine.put(ENGINE, engine);
        theirs.put(ENGINE, earlier.path("engine").path("name").asText());
        mine.put(THREADS, Integer.toString(threads));
        theirs.put(THREADS, Integer.toString(otherThreads ? earlierThreads : threads));
        mine.put("the supernets", supernets.orElse("its own"));
        theirs.put("the supernets", earlier.path("supernets").asText("its own"));
        Set<String> keys = new TreeSet<>(mine.keySet());
        keys.addAll(theirs.keySet());
        Set<String> differences = new LinkedHashSet<>();
        // What decides where and how safely a search runs, or what follows it, and not what comes out; and where the
        // data is, whose fingerprint is among the keys.
        keys.removeIf(
                key -> key.startsWith("checkpoints.") || key.startsWith("cluster.") || key.startsWith("retrain."));
        keys.removeAll(List.of("data.train", "data.test"));
        if (anyEngine) {
            keys.removeAll(List.of(ENGINE, THREADS));
        }
        for (String key : keys) {
            if (!mine.getOrDefault(key, "").equals(theirs.getOrDefault(key, ""))) {
                differences.add(key + " (" + theirs.get(key) + " there, " + mine.get(key) + " now)");
            }
        }
        if (!differences.isEmpty()) {
            throw new UserMistake("the run directory " + run + " holds another search, which differs in "
                    + String.join(", ", differences) + "; use another run directory"
                    + (differences.stream().allMatch(SearchRecord::isOfEngine)
                            ? ", or --allow-engine-change to go on with other bits"
                            : ""));
        }
    }

    private static boolean isOfEngine(String difference) {
        return difference.startsWith(ENGINE) || difference.startsWith(THREADS);
    }

    private static Map<String, String> flat(JsonNode json) {
        Map<String, String> values = new TreeMap<>();
        flatten("", json, values);
        return values;
    }

    private static void flatten(String prefix, JsonNode json, Map<String, String> values) {
        if (json.isObject()) {
            json.fields()
                    .forEachRemaining(field -> flatten(
                            prefix.isEmpty() ? field.getKey() : prefix + "." + field.getKey(),
                            field.getValue(),
                            values));
        } else {
            values.put(prefix, json.toString());
        }
    }
}
