package io.efsnas.driver;

import io.efsnas.driver.evolution.Generation;
import io.efsnas.job.RoundReport;
import io.efsnas.training.RoundMetrics;
import io.efsnas.training.SupernetIndex;
import java.time.Duration;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** Progress as a bar for each stage, with rate and remaining time, and the loss of each supernet beside it. */
final class TerminalProgress implements Progress {

    private final ProgressBar training;
    private final SortedMap<Integer, Double> losses = new TreeMap<>();
    private ProgressBar scoring;

    /**
     * @param steps of all supernets together
     * @param stepsDone those that an earlier run has taken
     */
    TerminalProgress(long steps, long stepsDone) {
        training = new ProgressBarBuilder()
                .setTaskName("training")
                .setUnit(" steps", 1)
                .setInitialMax(steps)
                .startsFrom(stepsDone, Duration.ZERO)
                .showSpeed()
                .build();
    }

    @Override
    public synchronized void roundEnded(RoundReport report) {
        RoundMetrics metrics = report.metrics();
        losses.remove(SupernetIndex.WARM_START);
        losses.put(metrics.supernet(), metrics.loss());
        training.stepBy(metrics.toStep() - metrics.fromStep());
        training.setExtraMessage(" round " + (report.round() + 1) + ", loss "
                + losses.values().stream()
                        .map(loss -> String.format(Locale.ROOT, "%.3f", loss))
                        .collect(Collectors.joining(" / ")));
    }

    @Override
    public synchronized void scored(int done, int of) {
        scoringBar(" tasks", of).stepTo(done);
    }

    @Override
    public synchronized void generationEnded(Generation generation, int of) {
        scoringBar(" generations", of)
                .stepTo(generation.number())
                .setExtraMessage(String.format(Locale.ROOT, " best accuracy %.4f", generation.bestSoFar()));
    }

    private ProgressBar scoringBar(String unit, int max) {
        if (scoring == null) {
            training.close();
            scoring = new ProgressBarBuilder()
                    .setTaskName("scoring")
                    .setUnit(unit, 1)
                    .setInitialMax(max)
                    .showSpeed()
                    .build();
        }
        return scoring;
    }

    @Override
    public synchronized void close() {
        training.close();
        if (scoring != null) {
            scoring.close();
        }
    }
}
