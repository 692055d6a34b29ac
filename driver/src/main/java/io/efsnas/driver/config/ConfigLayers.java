package io.efsnas.driver.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A configuration file and overrides, between which the settings of several strategies are put in turn. */
record ConfigLayers(Config file, Config overrides) {

    static ConfigLayers of(Optional<Path> file, List<String> overrides) {
        return new ConfigLayers(
                file.map(ConfigLoader::parseFile).orElse(ConfigFactory.empty()),
                ConfigLoader.parseOverrides(overrides));
    }

    /** The settings of a strategy, or of a variant of one: of that which the variant names, or of the same name. */
    static Config strategy(String name, Optional<Config> variant) {
        String strategy = variant.filter(keys -> keys.hasPath(ConfigLoader.STRATEGY))
                .map(keys ->
                        String.valueOf(keys.getAnyRef(ConfigLoader.STRATEGY))) // one that there is not is refused later
                .orElse(Strategy.names().contains(name) ? name : ConfigLoader.defaultStrategy());
        return variant.orElse(ConfigFactory.empty())
                .withFallback(Strategy.settingsOf(strategy))
                .withValue(ConfigLoader.STRATEGY, ConfigValueFactory.fromAnyRef(strategy));
    }

    /** The whole configuration, as a search has it. */
    Section complete() {
        return ConfigLoader.complete(() -> overrides.withFallback(file));
    }

    /**
     * The whole configuration of a strategy, or of that of the layers if it is empty.
     *
     * @param decided by their paths, before all others
     */
    Section complete(Config strategy, Map<String, Object> decided) {
        return ConfigLoader.complete(() -> ConfigFactory.parseMap(decided, "the comparison")
                .withFallback(strategy.withOnlyPath(ConfigLoader.STRATEGY))
                .withFallback(overrides)
                .withFallback(strategy)
                .withFallback(file));
    }
}
