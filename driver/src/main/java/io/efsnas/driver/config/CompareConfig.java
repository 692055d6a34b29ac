package io.efsnas.driver.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.efsnas.driver.process.UserMistake;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Which searches a comparison runs. Keys that {@code --set} gives come before those of a variant, then those of a strategy,
 * then those of the configuration file.
 */
public final class CompareConfig {

    private static final String SECTION = "compare";
    private static final String VARIANTS = "variants";
    private static final String STRATEGIES = "strategies";
    private static final String SEEDS = "seeds";
    private static final String COST = "cost";
    private static final String TABLE = "table";
    private static final String AT_A_TIME = "searches-at-a-time";

    /** The path of the section of variants, in which any key of a configuration may be. */
    static final String ANY_KEYS = SECTION + "." + VARIANTS;

    /** Names become those of directories. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

    private final ConfigLayers layers;
    private final Section root;
    private final Section section;
    private final List<String> strategies;
    private final List<Long> seeds;
    private final OptionalLong cost;
    private final Optional<String> table;
    private final OptionalInt atATime;

    private CompareConfig(ConfigLayers layers) {
        this.layers = layers;
        this.root = layers.complete();
        this.section = root.section(SECTION);
        this.strategies = distinct(STRATEGIES, section.texts(STRATEGIES));
        this.seeds = distinct(SEEDS, section.wholeNumbers(SEEDS));
        this.cost = section.longAtLeastOr(COST, 1, "auto");
        this.table = section.is(TABLE, "none")
                ? Optional.empty()
                : Optional.of(section.path(TABLE, "expected none, or the path of a table of true accuracies"));
        this.atATime = section.intAtLeastOr(AT_A_TIME, 1, "auto");
        strategies.forEach(this::settings);
    }

    /**
     * Reads overrides over a file over the defaults.
     *
     * @param overrides each {@code key=value}; a later one wins over an earlier one
     * @throws UserMistake in one line, naming the key, its value, what is accepted and where it was given
     */
    public static CompareConfig load(Optional<Path> file, List<String> overrides) {
        return new CompareConfig(ConfigLayers.of(file, overrides));
    }

    private <T> List<T> distinct(String key, List<T> values) {
        if (values.isEmpty() || values.stream().distinct().count() < values.size()) {
            throw section.refuse(key, "expected at least one, and none twice");
        }
        return values;
    }

    /** The names of the strategies and variants that are compared. */
    public List<String> strategies() {
        return strategies;
    }

    /** The seeds of each of them. */
    public List<Long> seeds() {
        return seeds;
    }

    /** What the training of each search may cost, in training steps of one subnet; empty for what the configuration's own costs. */
    public OptionalLong cost() {
        return cost;
    }

    /** The path of a table of true accuracies. */
    public Optional<String> table() {
        return table;
    }

    /** How many searches are under way at a time; empty for as many as keep all devices busy. */
    public OptionalInt atATime() {
        return atATime;
    }

    /** The search that the configuration describes without a comparison. */
    public SearchConfig own() {
        return SearchConfig.read(root);
    }

    /** The same with another seed. */
    public SearchConfig own(long seed) {
        return SearchConfig.read(layers.complete(ConfigFactory.empty(), Map.of("seed", seed)));
    }

    /**
     * The search of a strategy.
     *
     * @param name of the strategy or variant
     * @param decided keys that the comparison decides, before all others
     * @throws UserMistake if the strategy's keys and the others do not go together
     */
    public SearchConfig search(String name, Map<String, Object> decided) {
        try {
            return SearchConfig.read(layers.complete(settings(name), decided));
        } catch (UserMistake e) {
            throw new UserMistake("strategy " + name + ": " + e.getMessage(), e);
        }
    }

    /** Whether a strategy or variant, or an override, sets a key itself. */
    public boolean sets(String name, String key) {
        return settings(name).hasPath(key) || layers.overrides().hasPath(key);
    }

    /** The keys of a variant over those of its strategy, or of a strategy. */
    private Config settings(String name) {
        Optional<Config> variant = section.section(VARIANTS).optional(name);
        if (!NAME.matcher(name).matches()
                || (variant.isEmpty() && !Strategy.names().contains(name))) {
            throw section.refuse(
                    STRATEGIES,
                    "there is no strategy " + name + "; expected one of " + String.join(", ", Strategy.names())
                            + ", or the name of a section of " + section.key(VARIANTS)
                            + " in lower case with hyphens");
        }
        return ConfigLayers.strategy(name, variant);
    }
}
