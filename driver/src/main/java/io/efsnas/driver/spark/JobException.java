package io.efsnas.driver.spark;

import io.efsnas.checkpoint.CheckpointException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.api.java.JavaSparkContext;

/** A job of Spark's failed for good; the message names its work, the host and the cause. */
public final class JobException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** What Spark says when a task has failed as often as it may: how often, the host, an exception's class, its message. */
    private static final Pattern TASK_FAILED = Pattern.compile(
            "Task .* failed (\\d+) times, most recent failure: .* \\(TID \\d+\\) \\((\\S+) executor .*?\\):"
                    + " (?:([\\w.$]+(?:Exception|Error)): )?(.*)");

    /** Of the JVM, of the kernel and of YARN. */
    private static final Pattern OUT_OF_MEMORY =
            Pattern.compile("(?:code|status:?) (?:52|137)\\b|OutOfMemoryError|exceeding (?:memory|physical) limits");

    private static final Pattern SPARK_STOPPED = Pattern.compile(
            "SparkContext was shut down|Cannot call methods on a stopped SparkContext|LiveListenerBus is stopped"
                    + "|SparkContext has been shut");

    /** What is told of a Spark that has {@link #stopped}. */
    public static final String STOPPED =
            "Spark has stopped: its master is gone, or has given up on executors that could"
                    + " not start; the master's and workers' logs say why";

    private final boolean checkpointLost;

    /**
     * @param work the work as the message names it
     * @param cause what a call of Spark's threw
     */
    public JobException(String work, Throwable cause, JavaSparkContext spark) {
        super(Secrets.hide(work + " failed" + because(cause), spark), cause);
        this.checkpointLost = tasksFailed(cause)
                .anyMatch(failure -> CheckpointException.class.getName().equals(failure.group(3)));
    }

    /**
     * @param work work that needs no job yet, such as starting Spark
     * @param cause what a call of Spark's threw
     */
    public JobException(String work, Throwable cause) {
        super(work + " failed" + because(cause), cause);
        this.checkpointLost = false;
    }

    /**
     * @param work the work as the message names it
     * @param failure the failure of a task that would fail again
     */
    public JobException(String work, String host, ExceptionFailure failure, JavaSparkContext spark) {
        super(Secrets.hide(work + " failed on " + host + ": " + failure.description(), spark));
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
                        + task.group(2) + ": " + advised(LostExecutor.explained(task.group(4))))
                .orElse(stopped(failure) ? ": " + STOPPED : ": " + line);
    }

    /** What a task failed for, and what to do if its executor has died for lack of memory. */
    private static String advised(String reason) {
        return OUT_OF_MEMORY.matcher(reason).find()
                ? reason + "; the executor had too little memory: raise spark.executor.memory, or"
                        + " spark.executor.memoryOverhead for tensors, or lower training.batch, scoring.batch or"
                        + " spark.executor.cores"
                : reason;
    }

    /** Whether Spark has ended itself, which it does not explain to those who wait for a job. */
    public static boolean stopped(Throwable failure) {
        return ExceptionUtils.getThrowableList(failure).stream()
                .map(Throwable::getMessage)
                .anyMatch(message ->
                        message != null && SPARK_STOPPED.matcher(message).find());
    }

    private static Stream<Matcher> tasksFailed(Throwable failure) {
        return ExceptionUtils.getThrowableList(failure).stream()
                .map(Throwable::getMessage)
                .filter(message -> message != null)
                .map(message -> TASK_FAILED.matcher(message.lines().findFirst().orElse("")))
                .filter(Matcher::find);
    }
}
