package io.efsnas.driver.progress;

import io.efsnas.driver.process.AwakeClock;
import io.efsnas.driver.process.Seconds;
import io.efsnas.driver.selection.Generation;
import io.efsnas.job.RoundReport;
import io.efsnas.split.SupernetNode;
import io.efsnas.training.RoundMetrics;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Progress as log lines, for output that is no terminal. */
public final class LogProgress implements Progress {

    private static final Logger log = LoggerFactory.getLogger(LogProgress.class);

    private final long stepsToTake;
    private final long start = AwakeClock.nanoTime();
    /** Or skipped: they are no longer to be taken. */
    private long stepsTaken;

    private int lastTenth;

    /** @param stepsToTake of all supernets together, those left out that an earlier run has taken */
    public LogProgress(long stepsToTake) {
        this.stepsToTake = stepsToTake;
    }

    @Override
    public void roundEnded(RoundReport report, int of) {
        RoundMetrics metrics = report.metrics();
        stepsTaken += metrics.toStep() - metrics.fromStep();
        double seconds = Seconds.ofNanos(AwakeClock.nanoTime() - start);
        if (metrics.steps() == 0) {
            log.info(
                    "{}: round {} of {} takes no steps, since the training has ended early",
                    SupernetNode.describe(metrics.node()),
                    report.round() + 1,
                    of);
            return;
        }
        log.info(String.format(
                Locale.ROOT,
                "%s: round %d of %d, step %d%s, loss %.4f, accuracy %.3f, %.1f steps/s, %.0f images/s on %s of %s%s",
                SupernetNode.describe(metrics.node()),
                report.round() + 1,
                of,
                metrics.lastStep(),
                metrics.skippedSteps() > 0 ? ", where the training ends early" : "",
                metrics.loss(),
                metrics.accuracy(),
                metrics.steps() / metrics.trainingSeconds(),
                metrics.imagesPerSecond(),
                report.place().device(),
                report.place().host(),
                Seconds.rest(seconds, stepsTaken, stepsToTake, "left to train")));
    }

    @Override
    public synchronized void scored(int done, int of) {
        int tenth = 10 * done / of;
        if (tenth > lastTenth) {
            lastTenth = tenth;
            log.info("scored {} % of the subnets", tenth * 10);
        }
    }

    @Override
    public void generationEnded(Generation generation, int of) {
        log.info(String.format(
                Locale.ROOT,
                "generation %d of %d: %d candidates, best %s %.4f, mean %.4f; best of %d scored so far %.4f",
                generation.number(),
                of,
                generation.candidates(),
                generation.column(),
                generation.best(),
                generation.mean(),
                generation.scoredSoFar(),
                generation.bestSoFar()));
    }

    @Override
    public void close() {}
}
