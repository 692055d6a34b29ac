package io.efsnas.driver.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A way to search: settings under one name, which a configuration's own keys override.
 *
 * @param description a sentence without a full stop
 * @param settings values in HOCON by their keys
 */
public record Strategy(String name, String description, SortedMap<String, String> settings) {

    private static final List<String> NAMES = List.of(
            "dynas",
            "efs-nas",
            "efs-nas-independent",
            "efs-nas-shared-parts",
            "eigen-nas",
            "fair-nas",
            "few-shot-nas",
            "gm-nas",
            "greedy-nas",
            "hep-nas",
            "nas-lid",
            "one-shot",
            "one-to-few",
            "pi-nas",
            "pi-nas-label-free",
            "random-search",
            "regularized-evolution",
            "sigeo",
            "training-free");
    private static final String DESCRIPTION = "description";

    /** The names of all strategies. */
    static List<String> names() {
        return NAMES;
    }

    /** All strategies, in the order of their names. */
    public static List<Strategy> all() {
        return NAMES.stream().map(Strategy::named).toList();
    }

    private static Strategy named(String name) {
        SortedMap<String, String> settings = new TreeMap<>();
        settingsOf(name)
                .entrySet()
                .forEach(entry -> settings.put(entry.getKey(), entry.getValue().render(ConfigRenderOptions.concise())));
        return new Strategy(name, file(name).getString(DESCRIPTION), settings);
    }

    /** What a strategy sets; nothing if there is none of this name. */
    static Config settingsOf(String name) {
        return NAMES.contains(name) ? file(name).withoutPath(DESCRIPTION) : ConfigFactory.empty();
    }

    private static Config file(String name) {
        return ConfigFactory.parseResources(
                Strategy.class,
                "strategies/" + name + ".conf",
                ConfigParseOptions.defaults().setAllowMissing(false).setOriginDescription("the strategy " + name));
    }
}
