package io.efsnas.driver.progress;

import io.efsnas.driver.selection.Generation;
import io.efsnas.job.RoundReport;

/** Told how far a search has come. */
public interface Progress extends AutoCloseable {

    /**
     * A round has ended.
     *
     * @param of the number of the last round of its supernet
     */
    void roundEnded(RoundReport report, int of);

    /** So many scoring tasks of so many have ended. */
    void scored(int done, int of);

    /** A generation of so many has been scored. */
    void generationEnded(Generation generation, int of);

    @Override
    void close();

    /** Makes what is told of a search, or of a part of one. */
    @FunctionalInterface
    interface Factory {

        /** A bar where there is a terminal, and log lines elsewhere. */
        Factory HERE = Progress::here;

        /**
         * Begins to show progress.
         *
         * @param steps of all supernets together
         * @param stepsDone those that an earlier process has taken
         */
        Progress begin(long steps, long stepsDone);
    }

    @SuppressWarnings("SystemConsoleNull") // on Java 17, which the build requires, it is null without a terminal
    private static Progress here(long steps, long stepsDone) {
        return System.console() == null ? new LogProgress(steps - stepsDone) : new TerminalProgress(steps, stepsDone);
    }
}
