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
}
