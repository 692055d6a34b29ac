package io.efsnas.driver.progress;

import io.efsnas.driver.process.AwakeClock;
import io.efsnas.driver.process.Seconds;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBarRenderer;
import me.tongfei.progressbar.ProgressState;

/**
 * A stage's progress as one line of a terminal, whatever its width: what is told last, such as losses, is never pushed out
 * by the bar, which takes what the text leaves, and the line covers all of an older one.
 */
final class ProgressLine implements ProgressBarRenderer {

    private static final int LONGEST_BAR = 30;

    /** A bar of fewer characters shows nothing. */
    private static final int SHORTEST_BAR = 5;

    private final String unit;
    private final long done;
    private final long start = AwakeClock.nanoTime();

    /**
     * @param unit what is counted, such as steps
     * @param done how many an earlier run has done
     */
    ProgressLine(String unit, long done) {
        this.unit = unit;
        this.done = done;
    }

    @Override
    public String render(ProgressState progress, int maxLength) {
        return line(
                progress.getTaskName(),
                progress.getCurrent(),
                progress.getMax(),
                Seconds.ofNanos(AwakeClock.nanoTime() - start),
                progress.getExtraMessage(),
                maxLength);
    }

    /**
     * The line.
     *
     * @param seconds awake since the bar began
     * @param width the width of the terminal
     */
    String line(String task, long current, long max, double seconds, String message, int width) {
        long percent = max == 0 ? 100 : 100 * current / max;
        String begin = String.format(Locale.ROOT, "%s %3d %%", task, percent);
        double rate = seconds > 0 ? (current - done) / seconds : 0;
        String counted = String.format(Locale.ROOT, "  %d/%d %s", current, max, unit);
        String pace = rate > 0
                ? String.format(Locale.ROOT, ", %.1f/s", rate)
                        + (current < max ? ", " + left((max - current) / rate) : "")
                : "";
        String told = message.isBlank() ? "" : "  " + message.strip();
        String text = begin + counted + pace + told;
        if (text.length() > width) {
            text = begin + pace + told;
        }
        if (text.length() > width) {
            text = begin + told;
        }
        int room = Math.min(LONGEST_BAR, width - text.length() - " []".length());
        if (room >= SHORTEST_BAR) {
            int filled = (int) (room * percent / 100);
            String bar = " [" + "=".repeat(filled) + " ".repeat(room - filled) + "]";
            text = begin + bar + text.substring(begin.length());
        }
        return String.format("%-" + Math.max(1, width) + "s", text.substring(0, Math.min(width, text.length())));
    }

    private static String left(double seconds) {
        return Seconds.text(seconds) + " left";
    }
}
