package io.efsnas.driver.progress;

import io.efsnas.driver.selection.Generation;
import io.efsnas.job.RoundReport;
import io.efsnas.training.RoundMetrics;
import java.time.Duration;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** Progress as a bar for each stage, with rate and remaining time, and the loss of each supernet beside it. */
public final class TerminalProgress implements Progress {

    private final UnaryOperator<ProgressBarBuilder> drawing;
    private final long steps;
    private final long stepsDone;

    /** Of the supernets of the phase that is running, by their ids. */
    private final SortedMap<String, Double> losses = new TreeMap<>();

    /** The last round of that phase. */
    private int lastRound;

    /** Null while nothing is counted. */
    private ProgressBar bar;

    private boolean scoring;

    /**
     * @param steps the number of steps of all supernets together
     * @param stepsDone those that an earlier run has taken
     */
    public TerminalProgress(long steps, long stepsDone) {
        this(UnaryOperator.identity(), steps, stepsDone);
    }

    /**
     * @param drawing may say where bars are drawn
     */
    TerminalProgress(UnaryOperator<ProgressBarBuilder> drawing, long steps, long stepsDone) {
        this.drawing = drawing;
        this.steps = steps;
        this.stepsDone = stepsDone;
        if (stepsDone < steps) {
            this.bar = bar("training", "steps", steps, stepsDone);
        }
    }

    private ProgressBar bar(String task, String unit, long max, long done) {
        return drawing.apply(new ProgressBarBuilder())
                .setTaskName(task)
                .setInitialMax(max)
                .startsFrom(done, Duration.ZERO)
                .setRenderer(new ProgressLine(unit, done))
                .build();
    }

    @Override
    public synchronized void roundEnded(RoundReport report, int of) {
        RoundMetrics metrics = report.metrics();
        if (of != lastRound) {
            losses.clear();
            lastRound = of;
        }
        if (metrics.steps() > 0) {
            losses.put(metrics.node(), metrics.loss());
        }
        if (scoring) { // as after a checkpoint was lost
            close();
            scoring = false;
        }
        if (bar == null) {
            bar = bar("training", "steps", steps, stepsDone);
        }
        bar.stepBy(metrics.toStep() - metrics.fromStep());
        bar.setExtraMessage("round " + (report.round() + 1) + ", loss "
                + losses.values().stream()
                        .map(loss -> String.format(Locale.ROOT, "%.3f", loss))
                        .collect(Collectors.joining(" / ")));
        closeIf(bar.getCurrent() == steps);
    }

    @Override
    public synchronized void scored(int done, int of) {
        scoringBar("tasks", of).stepTo(done);
        closeIf(done == of);
    }

    @Override
    public synchronized void generationEnded(Generation generation, int of) {
        scoringBar("generations", of)
                .stepTo(generation.number())
                .setExtraMessage(
                        String.format(Locale.ROOT, "best %s %.4f", generation.column(), generation.bestSoFar()));
        closeIf(generation.number() == of);
    }

    private ProgressBar scoringBar(String unit, int max) {
        if (!scoring) {
            close();
            scoring = true;
        }
        if (bar == null) {
            bar = bar("scoring", unit, max, 0);
        }
        return bar;
    }

    /** A bar that has nothing left to count would show a rate that falls. */
    private void closeIf(boolean done) {
        if (done) {
            close();
        }
    }

    @Override
    public synchronized void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
