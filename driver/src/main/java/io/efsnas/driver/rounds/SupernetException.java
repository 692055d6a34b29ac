package io.efsnas.driver.rounds;

/** A supernet's work failed for good; the message names supernet, work and cause. */
public final class SupernetException extends RuntimeException {

    private static final long serialVersionUID = 1;

    SupernetException(String work, Throwable cause) {
        super(work + " failed: " + rootMessage(cause), cause);
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage() == null ? root.getClass().getName() : root.getMessage();
        // Spark's own messages go on with the stacks of tasks, which belong into a log and not into one line.
        return message.lines().findFirst().orElse("");
    }
}
