package io.efsnas.job;

import java.util.concurrent.Callable;

/**
 * A task found no memory. Spark ends the whole process of an executor for an {@link OutOfMemoryError}, which on embedded
 * Spark is the search itself, without a word that helps; of this it tells as of any failure.
 */
final class MemoryException extends RuntimeException {

    private static final long serialVersionUID = 1;
    private static final long MEBIBYTE = 1 << 20;

    private MemoryException(OutOfMemoryError error) {
        // Without the error as its cause, for which Spark would end the process.
        super("no memory is left of the " + Runtime.getRuntime().maxMemory() / MEBIBYTE + " MiB of its JVM ("
                + error.getMessage() + "); raise spark.executor.memory, on embedded Spark EFSNAS_MEMORY, or lower"
                + " training.batch, scoring.batch, supernet.channels or the tasks at a time (spark.executor.cores,"
                + " --master local[N])");
    }

    /** Runs a task. */
    static <T> T telling(Callable<T> task) throws Exception {
        try {
            return task.call();
        } catch (OutOfMemoryError e) {
            throw new MemoryException(e);
        }
    }
}
