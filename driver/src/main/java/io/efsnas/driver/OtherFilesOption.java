package io.efsnas.driver;

import picocli.CommandLine.Option;

/** The option for results in a directory that has files of somebody else. */
final class OtherFilesOption {

    @Option(
            names = "--allow-other-files",
            description = "Takes a directory that is not empty and no run directory; what is there stays.")
    private boolean allowed;

    /**
     * Refuses a directory that is not empty and no run directory, unless that was asked for.
     *
     * @throws IllegalArgumentException naming what is in it
     */
    void check(RunDirectory run) {
        if (!allowed) {
            new RunContents(run).requireNoOthers();
        }
    }
}
