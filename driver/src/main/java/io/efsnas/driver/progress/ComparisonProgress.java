package io.efsnas.driver.progress;

import io.efsnas.driver.process.AwakeClock;
import io.efsnas.driver.process.Seconds;
import io.efsnas.driver.selection.Generation;
import io.efsnas.job.RoundReport;
import java.time.Duration;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Progress of searches that run at a time: one line of a terminal for all of them, or log lines. */
public final class ComparisonProgress implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ComparisonProgress.class);

    private final int searches;
    private final long start = AwakeClock.nanoTime();
    private final Optional<ProgressBar> bar;
    private int ended;
    private long steps;
    private long stepsTaken;
    private long lastTenth;

    /**
     * Begins to show progress.
     *
     * @param searches that are left
     * @param steps of all of their supernets together
     */
    @SuppressWarnings("SystemConsoleNull") // on Java 17, which the build requires, it is null without a terminal
    public ComparisonProgress(int searches, long steps) {
        this.searches = searches;
        this.steps = steps;
        this.bar = System.console() == null
                ? Optional.empty()
                : Optional.of(new ProgressBarBuilder()
                        .setTaskName("comparing")
                        .setInitialMax(steps)
                        .startsFrom(0, Duration.ZERO)
                        .setRenderer(new ProgressLine("steps", 0))
                        .build());
        bar.ifPresent(line -> line.setExtraMessage(searchesDone()));
    }

    /** Of one of the searches. */
    public Progress.Factory search() {
        return (all, done) -> {
            left(-done);
            return new OfASearch();
        };
    }

    /** A search has ended. */
    public synchronized void searchEnded() {
        ended++;
        bar.ifPresentOrElse(line -> line.setExtraMessage(searchesDone()), () -> log.info("{}", searchesDone()));
    }

    private String searchesDone() {
        return ended + " of " + searches + " searches done";
    }

    /** Steps that an earlier process has taken are not to be taken. */
    private synchronized void left(long more) {
        steps += more;
        bar.ifPresent(line -> line.maxHint(steps));
    }

    private synchronized void taken(long more) {
        stepsTaken += more;
        bar.ifPresentOrElse(line -> line.stepBy(more), this::tell);
    }

    private void tell() {
        long tenth = 10 * stepsTaken / Math.max(1, steps);
        if (tenth > lastTenth) {
            lastTenth = tenth;
            double seconds = Seconds.ofNanos(AwakeClock.nanoTime() - start);
            log.info(
                    "{} % of all training steps done; about {} left to train",
                    tenth * 10, Seconds.text(seconds / stepsTaken * Math.max(0, steps - stepsTaken)));
        }
    }

    @Override
    public synchronized void close() {
        bar.ifPresent(ProgressBar::close);
    }

    private final class OfASearch implements Progress {

        @Override
        public void roundEnded(RoundReport report, int of) {
            taken(report.metrics().toStep() - report.metrics().fromStep());
        }

        @Override
        public void scored(int done, int of) {}

        @Override
        public void generationEnded(Generation generation, int of) {}

        @Override
        public void close() {}
    }
}
