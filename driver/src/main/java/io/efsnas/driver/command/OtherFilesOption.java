package io.efsnas.driver.command;

import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.run.RunContents;
import io.efsnas.driver.run.RunDirectory;
import java.util.List;
import picocli.CommandLine.Option;

/** The option for results in a directory that has files of somebody else. */
final class OtherFilesOption {

    private static final String NAME = "--allow-other-files";

    @Option(
            names = NAME,
            description = "Accepts a directory that is neither empty nor a run directory; keeps what is there.")
    private boolean allowed;

    /** The option as it was given, for a command that runs elsewhere. */
    List<String> arguments() {
        return allowed ? List.of(NAME) : List.of();
    }

    /**
     * Refuses a directory that is not empty and no run directory, unless that was asked for.
     *
     * @throws UserMistake naming what is in it
     */
    void check(RunDirectory run) {
        if (!allowed) {
            new RunContents(run).requireNoOthers();
        }
    }

    /** The same for the directory of a comparison. */
    void checkComparison(RunDirectory run) {
        if (!allowed) {
            new RunContents(run).requireNoOthersThanComparison();
        }
    }
}
