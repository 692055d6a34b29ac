package io.efsnas.driver.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.rule.RankingRuleProvider;
import io.efsnas.measure.Measure;
import io.efsnas.provider.Provider;
import io.efsnas.provider.Providers;
import io.efsnas.space.SearchSpace;
import io.efsnas.split.SplitterProvider;
import io.efsnas.split.count.CountSplitterProvider;
import io.efsnas.training.TrainingSchemeProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Puts overrides over a file over a strategy over {@code reference.conf}, and refuses keys that the latter does not have. */
final class ConfigLoader {

    private static final Config REFERENCE = withSettings(ConfigFactory.parseResources(
            ConfigLoader.class.getClassLoader(), "reference.conf", origin("reference.conf")));

    /** Where a configuration that is read as text was written. */
    private static final String RECORDED = "search.json";

    /** The key whose value names the settings under the given ones. */
    static final String STRATEGY = "strategy";

    private ConfigLoader() {}

    /** With a section for everything on the class path that brings keys of its own. */
    private static Config withSettings(Config reference) {
        Config all = with(reference, SpaceConfig.SPACES, Providers.all(SearchSpace.class));
        all = with(
                all,
                SpaceConfig.SPLITTERS,
                Providers.all(SplitterProvider.class).stream()
                        .filter(provider -> !provider.name().equals(CountSplitterProvider.NAME))
                        .toList());
        all = with(all, TrainingConfig.SCHEMES, Providers.all(TrainingSchemeProvider.class));
        all = with(all, MeasuresConfig.MEASURES, Providers.all(Measure.class));
        return with(all, RankingConfig.RULES, Providers.all(RankingRuleProvider.class));
    }

    private static Config with(Config all, String section, List<? extends Provider> providers) {
        Config result = all;
        for (Provider provider : providers) {
            result = result.withValue(
                    section + "." + ConfigUtil.quoteString(provider.name()),
                    ConfigValueFactory.fromMap(provider.defaults(), "the defaults of " + provider.name()));
        }
        return result;
    }

    /** Options that say where a text is from; the library would name a place inside a jar, or its own class. */
    private static ConfigParseOptions origin(String description) {
        return ConfigParseOptions.defaults().setOriginDescription(description);
    }

    /**
     * The whole configuration.
     *
     * @param overrides each {@code key=value}; a later one wins over an earlier one
     */
    static Section load(Optional<Path> file, List<String> overrides) {
        return complete(() -> {
            Config given = file.map(ConfigLoader::parseFile).orElse(ConfigFactory.empty());
            return override(given, overrides);
        });
    }

    /** The whole configuration with these settings. */
    static Section load(Config given) {
        return complete(() -> given);
    }

    /** The whole configuration with the settings of a HOCON or JSON text. */
    static Section parse(String text) {
        return complete(() -> ConfigFactory.parseString(text, origin(RECORDED)));
    }

    /**
     * The same with overrides.
     *
     * @param sections the sections that an override may change
     */
    static Section parse(String text, List<String> overrides, Set<String> sections) {
        return complete(() -> {
            for (String override : overrides) {
                if (!sections.containsAll(parseOverride(override).root().keySet())) {
                    throw new UserMistake(Section.OVERRIDE + override
                            + " is not accepted; expected a key of " + String.join(", ", new TreeSet<>(sections))
                            + ": nothing else can change once supernets are trained");
                }
            }
            return override(ConfigFactory.parseString(text, origin(RECORDED)), overrides);
        });
    }

    private static Config override(Config given, List<String> overrides) {
        return parseOverrides(overrides).withFallback(given);
    }

    /** Overrides, of which a later one wins over an earlier one. */
    static Config parseOverrides(List<String> overrides) {
        Config result = ConfigFactory.empty();
        for (String override : overrides) {
            result = parseOverride(override).withFallback(result);
        }
        return result;
    }

    /** The strategy of a configuration that names none. */
    static String defaultStrategy() {
        return REFERENCE.getString(STRATEGY);
    }

    /** The whole configuration with these settings, of which only keys that there are are accepted. */
    static Section complete(Supplier<Config> given) {
        ConfigObject root;
        try {
            Config own = given.get();
            Config strategy = own.withOnlyPath(STRATEGY).withFallback(REFERENCE.withOnlyPath(STRATEGY));
            root = own.withFallback(Strategy.settingsOf(
                            String.valueOf(strategy.resolve().getAnyRef(STRATEGY))))
                    .withFallback(REFERENCE)
                    .resolve()
                    .root();
        } catch (ConfigException.IO e) {
            throw new UserMistake(
                    "cannot parse the configuration: there is no " + e.origin().description()
                            + ", or it cannot be read",
                    e);
        } catch (ConfigException e) {
            throw new UserMistake("cannot parse the configuration: " + e.getMessage(), e);
        }
        refuseUnknownKeys("", root, REFERENCE.root());
        return new Section("", root);
    }

    static Config parseFile(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new UserMistake("there is no configuration file " + file + "; expected a HOCON file");
        }
        return ConfigFactory.parseFile(
                file.toFile(), ConfigParseOptions.defaults().setIncluder(StrictIncluder.INSTANCE));
    }

    private static Config parseOverride(String override) {
        if (override.indexOf('=') < 1) {
            throw new UserMistake(
                    Section.OVERRIDE + override + " is not accepted; expected key=value, such as training.steps=1000");
        }
        return ConfigFactory.parseString(
                override, origin(Section.OVERRIDE + override).setIncluder(StrictIncluder.INSTANCE));
    }

    /**
     * @param path the section's key with a dot at its end; empty for the root
     */
    private static void refuseUnknownKeys(String path, ConfigObject given, ConfigObject known) {
        for (Map.Entry<String, ConfigValue> entry : given.entrySet()) {
            String key = path + ConfigUtil.joinPath(entry.getKey());
            ConfigValue expected = known.get(entry.getKey());
            if (expected == null) {
                throw new UserMistake(key + ": there is no such key; did you mean " + nearestKey(key)
                        + "? Known here: "
                        + (known.isEmpty() ? "nothing" : String.join(", ", new TreeSet<>(known.keySet()))) + " ("
                        + Section.place(entry.getValue().origin()) + ")");
            }
            if (entry.getValue() instanceof ConfigObject section
                    && expected instanceof ConfigObject knownSection
                    && !key.equals(CompareConfig.ANY_KEYS)) {
                refuseUnknownKeys(key + ".", section, knownSection);
            }
        }
    }

    private static String nearestKey(String unknown) {
        return keys("", REFERENCE.root())
                .min(Comparator.comparing(known -> distance(known, unknown)))
                .orElseThrow();
    }

    /** How different two keys are; their names weigh more than their sections, as a section is easily left out. */
    private static int distance(String a, String b) {
        LevenshteinDistance letters = LevenshteinDistance.getDefaultInstance();
        return letters.apply(a, b) + 3 * letters.apply(name(a), name(b));
    }

    private static String name(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    /** All sections and values below a path. */
    private static Stream<String> keys(String path, ConfigObject section) {
        return section.entrySet().stream().flatMap(entry -> {
            String key = path + entry.getKey();
            Stream<String> below =
                    entry.getValue() instanceof ConfigObject inner ? keys(key + ".", inner) : Stream.empty();
            return Stream.concat(Stream.of(key), below);
        });
    }
}
