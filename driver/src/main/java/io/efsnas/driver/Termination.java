package io.efsnas.driver;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SignalUtils;

/**
 * What SIGTERM does. The first one cancels all Spark jobs, on which supernets write a checkpoint after their current step,
 * and the process ends as after a failure, so that what it holds is given back. The second one ends it at once.
 */
final class Termination {

    /** 128 and the number of the signal, as of a process that the signal ended. */
    static final int EXIT_STATUS = 143;

    private static final long CANCEL_EVERY_MILLIS = 200;
    private static final AtomicBoolean REQUESTED = new AtomicBoolean();

    private Termination() {}

    /** Makes this process end so. */
    static void onSigterm() {
        SignalUtils.register("TERM", () -> {
            if (REQUESTED.getAndSet(true)) {
                Runtime.getRuntime().halt(EXIT_STATUS);
            }
            Thread thread = new Thread(Termination::cancelJobs, "efsnas-termination");
            thread.setDaemon(true);
            thread.start();
            return true;
        });
    }

    /** Whether a SIGTERM has come. */
    static boolean requested() {
        return REQUESTED.get();
    }

    /** Until the process ends, since a stage that has no job yet may still begin one. */
    private static void cancelJobs() {
        try {
            while (true) {
                SparkSession.getDefaultSession().foreach(session -> {
                    session.sparkContext().cancelAllJobs();
                    return null;
                });
                Thread.sleep(CANCEL_EVERY_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
