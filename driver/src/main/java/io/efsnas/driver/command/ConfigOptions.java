package io.efsnas.driver.command;

import io.efsnas.driver.config.CompareConfig;
import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.process.UserMistake;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The options that say which configuration a command uses. */
final class ConfigOptions {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration file in HOCON. Default: all settings come from --set.")
    private Optional<Path> config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Sets a key of the configuration; may be given several times.")
    private List<String> overrides = new ArrayList<>();

    /**
     * The configuration.
     *
     * @param further settings that a command makes, each {@code key=value}
     */
    SearchConfig load(String... further) {
        requireAny();
        return SearchConfig.load(
                config, Stream.concat(overrides.stream(), Stream.of(further)).toList());
    }

    /**
     * The configuration of a comparison.
     *
     * @param further overrides, by options of their own
     */
    CompareConfig loadComparison(List<String> further) {
        requireAny();
        return CompareConfig.load(
                config, Stream.concat(overrides.stream(), further.stream()).toList());
    }

    private void requireAny() {
        if (config.isEmpty() && overrides.isEmpty()) {
            throw new UserMistake("there is no configuration; expected --config FILE or --set key=value");
        }
    }

    /** A run directory that is not there yet. */
    String newRunDirectory() {
        return "runs/" + name() + "-"
                + LocalDateTime.now(ZoneId.systemDefault()).format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
    }

    /** The configuration file's name without its ending. */
    private String name() {
        return config.map(file -> file.getFileName().toString().replaceFirst("\\.[^.]*$", ""))
                .orElse("search");
    }
}
