package io.efsnas.driver.rounds;

import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A supernet's work failed for good; the message names supernet, work, host and cause. */
public final class SupernetException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** What Spark says when a task has failed as often as it may. */
    private static final Pattern TASK_FAILED = Pattern.compile(
            "Task .* failed (\\d+) times, most recent failure: .* \\(TID \\d+\\) \\((\\S+) executor .*?\\): (.*)");

    /**
     * @param hide takes the secrets out of a message
     */
    SupernetException(String work, Throwable cause, UnaryOperator<String> hide) {
        super(hide.apply(work + " failed" + because(cause)), cause);
    }

    SupernetException(String work, String host, String reason, UnaryOperator<String> hide) {
        super(hide.apply(work + " failed on " + host + ": " + reason));
    }

    private static String because(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage() == null ? root.getClass().getName() : root.getMessage();
        // Spark's own messages go on with the stacks of tasks, which belong into a log and not into one line.
        String line = message.lines().findFirst().orElse("");
        Matcher task = TASK_FAILED.matcher(line);
        return task.find()
                ? " " + task.group(1) + " times, last on " + task.group(2) + ": " + task.group(3)
                : ": " + line;
    }
}
