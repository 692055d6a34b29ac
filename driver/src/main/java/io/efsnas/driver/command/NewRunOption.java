package io.efsnas.driver.command;

import java.util.Optional;
import picocli.CommandLine.Option;

/** The option for the run directory of a command that makes one unless it is given. */
final class NewRunOption {

    @Option(
            names = "--run-dir",
            paramLabel = "DIR",
            description =
                    "Where results go, on any file system that Hadoop reaches; an unfinished run there is resumed."
                            + " Default: runs/, the configuration's name and the time.")
    private Optional<String> given;

    private Optional<String> made = Optional.empty();

    Optional<String> given() {
        return given;
    }

    /** The directory that was given, or a new one, which is the same at each call. */
    String directory(ConfigOptions config) {
        if (given.isEmpty() && made.isEmpty()) {
            made = Optional.of(config.newRunDirectory());
        }
        return given.or(() -> made).orElseThrow();
    }

    /** See {@link Resumable#resumption()}. */
    Optional<String> resumption() {
        return given.isPresent()
                ? Optional.of(Resumable.SAME_COMMAND)
                : made.map(directory -> "to resume, add --run-dir " + directory + " to the same command");
    }
}
