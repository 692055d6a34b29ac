package io.efsnas.driver.spark;

import io.efsnas.job.DeviceLoss;
import java.util.regex.Pattern;

/** Explains the loss of an executor, of which Spark reports only the exit status. */
public final class LostExecutor {

    /** As standalone clusters, YARN and Kubernetes put it. */
    private static final Pattern STATUS =
            Pattern.compile("(?i)\\bexit(?:ed)?\\b.*?\\b(?:code|status):? " + DeviceLoss.EXIT_STATUS + "\\b");

    private LostExecutor() {}

    /** The line in which Spark reports a failed task, and why the executor ended if it did so itself. */
    public static String explained(String line) {
        return STATUS.matcher(line).find() ? line + ": the executor had lost its GPU; its log names the error" : line;
    }
}
