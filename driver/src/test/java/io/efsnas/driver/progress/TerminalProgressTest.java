package io.efsnas.driver.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.job.RoundReport;
import io.efsnas.job.TaskPlace;
import io.efsnas.training.RoundMetrics;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import org.junit.jupiter.api.Test;

/** Bars end as soon as all is counted: one that goes on shows a rate that falls while something else is done. */
class TerminalProgressTest {

    private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();

    @Test
    void trainingEndsWithTheLastStepOfAllSupernets() {
        try (Progress progress = progress(0)) {
            progress.roundEnded(round("0", 0, 10), 1);
            assertThat(shown()).doesNotContain("100 %").doesNotEndWith("\n");

            progress.roundEnded(round("1", 0, 10), 1);
            assertThat(shown()).contains("training 100 %").endsWith("\n");
        }
    }

    @Test
    void scoringEndsWithTheLastTask() {
        try (Progress progress = progress(20)) {
            progress.scored(1, 2);
            assertThat(shown()).doesNotContain("100 %").doesNotEndWith("\n");

            progress.scored(2, 2);
            assertThat(shown()).contains("scoring 100 %").endsWith("\n");
        }
    }

    private Progress progress(long stepsDone) {
        PrintStream stream = new PrintStream(terminal, true, StandardCharsets.UTF_8);
        return new TerminalProgress(
                builder -> builder.setConsumer(new ConsoleProgressBarConsumer(stream, 80)), 20, stepsDone);
    }

    private String shown() {
        return terminal.toString(StandardCharsets.UTF_8);
    }

    private static RoundReport round(String node, long fromStep, long toStep) {
        RoundMetrics metrics = new RoundMetrics(node, fromStep, toStep, 1, 0.5, 80, 10, 1, 0, 0);
        return new RoundReport(0, 0, metrics, new TaskPlace("host", "1", "cpu"), "vector", 1, false, 0, 1, List.of());
    }
}
