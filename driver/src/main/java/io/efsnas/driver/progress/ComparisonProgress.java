package io.efsnas.driver.progress;

import io.efsnas.driver.process.AwakeClock;
import io.efsnas.driver.process.Seconds;
import io.efsnas.driver.selection.Generation;
import io.efsnas.job.RoundReport;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Progress of searches that run at a time: one line of a terminal for all of them, or log lines. */
public final class ComparisonProgress implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ComparisonProgress.class);

    private final int searches;
    private final long start = AwakeClock.nanoTime();
    private final Optional<ProgressBar> bar;
    private int ended;
    private double cost;
    private double done;
    private long lastTenth;

    /**
     * Begins to show progress.
     *
     * @param searches that are left
     * @param cost of training all of them, in training steps of one subnet
     */
    @SuppressWarnings("SystemConsoleNull") // on Java 17, which the build requires, it is null without a terminal
    public ComparisonProgress(int searches, double cost) {
        this.searches = searches;
        this.cost = cost;
        this.bar = System.console() == null
                ? Optional.empty()
                : Optional.of(new ProgressBarBuilder()
                        .setTaskName("comparing")
                        .setInitialMax(Math.round(cost))
                        .startsFrom(0, Duration.ZERO)
                        .setRenderer(new ProgressLine("steps", 0))
                        .build());
        bar.ifPresent(line -> line.setExtraMessage(searchesEnded()));
    }

    /**
     * Of one of the searches.
     *
     * @param itsCost all of it, in training steps of one subnet
     */
    public Progress.Factory search(double itsCost) {
        return (steps, stepsDone) -> {
            double ofAStep = itsCost / Math.max(1, steps);
            leave(stepsDone * ofAStep);
            return new OfASearch(ofAStep);
        };
    }

    /** A search has ended. */
    public synchronized void searchEnded() {
        ended++;
        bar.ifPresentOrElse(line -> line.setExtraMessage(searchesEnded()), () -> log.info("{}", searchesEnded()));
    }

    private String searchesEnded() {
        return ended + " of " + searches + " searches ended";
    }

    /** What an earlier process has done is not to be done. */
    private synchronized void leave(double doneBefore) {
        cost -= doneBefore;
        bar.ifPresent(line -> line.maxHint(Math.round(cost)));
    }

    private synchronized void add(double more) {
        done += more;
        bar.ifPresentOrElse(line -> line.stepTo(Math.round(done)), this::tell);
    }

    private void tell() {
        long tenth = (long) (10 * done / Math.max(1, cost));
        if (tenth > lastTenth) {
            lastTenth = tenth;
            double seconds = Seconds.ofNanos(AwakeClock.nanoTime() - start);
            Map<String, String> context = MDC.getCopyOfContextMap(); // the line is about all searches
            MDC.clear();
            log.info("{} % of all training done{}", tenth * 10, Seconds.rest(seconds, done, cost, "left to train"));
            MDC.setContextMap(context);
        }
    }

    @Override
    public synchronized void close() {
        bar.ifPresent(ProgressBar::close);
    }

    private final class OfASearch implements Progress {

        private final double costOfAStep;

        OfASearch(double costOfAStep) {
            this.costOfAStep = costOfAStep;
        }

        @Override
        public void roundEnded(RoundReport report, int of) {
            add(costOfAStep * (report.metrics().toStep() - report.metrics().fromStep()));
        }

        @Override
        public void scored(int done, int of) {}

        @Override
        public void generationEnded(Generation generation, int of) {}

        @Override
        public void close() {}
    }
}
