package io.efsnas.driver.jobs;

import io.efsnas.job.DeviceLoss;
import java.util.regex.Pattern;

/** What Spark reports of an executor that is gone, of which it knows the exit status alone. */
public final class LostExecutor {

    /** As standalone clusters, YARN and Kubernetes put it. */
    private static final Pattern STATUS =
            Pattern.compile("(?i)\\bexit(?:ed)?\\b.*?\\b(?:code|status):? " + DeviceLoss.EXIT_STATUS + "\\b");

    private LostExecutor() {}

    /** The line in which Spark reports a failed task, with the reason where the executor ended because of its device. */
    public static String explained(String line) {
        return STATUS.matcher(line).find()
                ? line + ", by which an executor ends that has lost its GPU; its log names the error"
                : line;
    }
}
