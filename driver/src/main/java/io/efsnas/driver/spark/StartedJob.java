package io.efsnas.driver.spark;

import java.util.List;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A Spark job that has begun.
 *
 * @param work what it does, for a failure
 */
record StartedJob<T>(String work, JavaFutureAction<List<T>> job, JavaSparkContext spark) {

    /** Ends it, if it has not ended yet. */
    void cancel() {
        job.cancel(true);
    }

    /**
     * Its results.
     *
     * @throws JobException if a task fails for good, or the waiting thread is interrupted
     */
    List<T> await() {
        try {
            return job.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobException(work, e, spark);
        } catch (Exception e) {
            throw new JobException(work, e, spark);
        }
    }
}
