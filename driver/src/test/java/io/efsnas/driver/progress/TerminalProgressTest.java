package io.efsnas.driver.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.job.RoundReport;
import io.efsnas.job.TaskPlace;
import io.efsnas.training.RoundMetrics;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import org.junit.jupiter.api.Test;

/**
 * Bars end as soon as all is counted: one that goes on shows a rate that falls while something else is done. What comes after
 * the end of a bar needs another one.
 */
class TerminalProgressTest {

    private final AtomicInteger bars = new AtomicInteger();

    @Test
    void trainingEndsWithTheLastStepOfAllSupernets() {
        try (Progress progress = progress(0)) {
            progress.roundEnded(round("0", 0, 5), 2);
            progress.roundEnded(round("0", 5, 10), 2);
            progress.roundEnded(round("1", 0, 10), 1);
            assertThat(bars).hasValue(1);

            progress.roundEnded(round("1", 5, 10), 1); // again, as after a lost checkpoint
            assertThat(bars).hasValue(2);
        }
    }

    @Test
    void scoringEndsWithTheLastTask() {
        try (Progress progress = progress(20)) {
            progress.scored(1, 2);
            progress.scored(2, 2);
            assertThat(bars).hasValue(1);

            progress.scored(1, 3);
            assertThat(bars).hasValue(2);
        }
    }

    private Progress progress(long stepsDone) {
        PrintStream terminal = new PrintStream(OutputStream.nullOutputStream());
        return new TerminalProgress(
                builder -> {
                    bars.incrementAndGet();
                    return builder.setConsumer(new ConsoleProgressBarConsumer(terminal, 80));
                },
                20,
                stepsDone);
    }

    private static RoundReport round(String node, long fromStep, long toStep) {
        RoundMetrics metrics = new RoundMetrics(node, fromStep, toStep, 1, 0.5, 80, 10, 1, 0, 0, 0);
        return new RoundReport(0, 0, metrics, new TaskPlace("host", "1", "cpu"), "vector", 1, false, 0, 1, List.of());
    }
}
