package io.efsnas.driver.rounds;

import io.efsnas.training.CheckpointException;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.ExceptionFailure;

/** A supernet's work failed for good; the message names supernet, work, host and cause. */
public final class SupernetException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** What Spark says when a task has failed as often as it may: how often, the host, an exception's class, its message. */
    private static final Pattern TASK_FAILED = Pattern.compile(
            "Task .* failed (\\d+) times, most recent failure: .* \\(TID \\d+\\) \\((\\S+) executor .*?\\):"
                    + " (?:([\\w.$]+(?:Exception|Error)): )?(.*)");

    private final boolean checkpointLost;

    /**
     * @param hide takes the secrets out of a message
     */
    SupernetException(String work, Throwable cause, UnaryOperator<String> hide) {
        super(hide.apply(work + " failed" + because(cause)), cause);
        this.checkpointLost = tasksFailed(cause)
                .anyMatch(failure -> CheckpointException.class.getName().equals(failure.group(3)));
    }

    SupernetException(String work, String host, ExceptionFailure failure, UnaryOperator<String> hide) {
        super(hide.apply(work + " failed on " + host + ": " + failure.description()));
        this.checkpointLost = failure.className().equals(CheckpointException.class.getName());
    }

    /** Whether the cause is a checkpoint that is missing or damaged, so that the one before may help. */
    public boolean checkpointLost() {
        return checkpointLost;
    }

    private static String because(Throwable failure) {
        Throwable root = ExceptionUtils.getRootCause(failure);
        String message = root.getMessage() == null ? root.getClass().getName() : root.getMessage();
        // Spark's own messages go on with the stacks of tasks, which belong into a log and not into one line.
        String line = message.lines().findFirst().orElse("");
        return tasksFailed(failure)
                .findFirst()
                .map(task -> (task.group(1).equals("1") ? " on " : " " + task.group(1) + " times, last on ")
                        + task.group(2) + ": " + task.group(4))
                .orElse(": " + line);
    }

    private static Stream<Matcher> tasksFailed(Throwable failure) {
        return ExceptionUtils.getThrowableList(failure).stream()
                .map(Throwable::getMessage)
                .filter(message -> message != null)
                .map(message -> TASK_FAILED.matcher(message.lines().findFirst().orElse("")))
                .filter(Matcher::find);
    }
}
