package io.efsnas.driver.flow;

import io.efsnas.driver.run.RunDirectory;
import io.efsnas.job.RoundReport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The reports of rounds, of which hundreds of supernets end several a second. Their file is written as a whole each time, so
 * it may lag behind; a search that is killed then takes a missing report from the round's checkpoint.
 */
final class RoundReports {

    /** The pause after a write, as a multiple of the time that it took. */
    private static final int PAUSE = 20;

    private final RunDirectory run;
    private final List<RoundReport> reports;
    private boolean written = true;
    private long nextWrite = System.nanoTime();

    /**
     * @param known the reports that stay
     */
    RoundReports(RunDirectory run, List<RoundReport> known) {
        this.run = run;
        this.reports = new ArrayList<>(known);
    }

    /** All of them, in the order in which the rounds ended. */
    List<RoundReport> all() {
        return Collections.unmodifiableList(reports);
    }

    /** Adds one, and writes the file unless it has just been written. */
    void add(RoundReport report) {
        reports.add(report);
        written = false;
        if (System.nanoTime() - nextWrite >= 0) {
            writeAll();
        }
    }

    /** Writes the file if it lags behind. */
    void writeAll() {
        if (!written) {
            long begun = System.nanoTime();
            run.writeRounds(reports);
            written = true;
            long now = System.nanoTime();
            nextWrite = now + PAUSE * (now - begun);
        }
    }
}
