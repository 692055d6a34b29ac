package io.efsnas.driver;

import io.efsnas.job.RoundReport;

/** Told how far a search has come. */
interface Progress extends AutoCloseable {

    /** A round has ended. */
    void roundEnded(RoundReport report);

    /** So many scoring tasks of so many have ended. */
    void scored(int done, int of);

    @Override
    void close();
}
