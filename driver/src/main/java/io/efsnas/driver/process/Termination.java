package io.efsnas.driver.process;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SignalUtils;

/**
 * How a process is ended from outside: all Spark jobs are cancelled, on which supernets write a checkpoint after their
 * current step, and the process ends as after a failure, so that what it holds is given back. A signal after that, or
 * before Spark has started, ends it at once.
 */
public final class Termination {

    /** Why a process ends, what it tells of it, and its exit status. */
    public enum Cause {
        /** The status is 128 and the number of the signal, as of a process that the signal ended. */
        SIGTERM("stopped by SIGTERM", 143),
        SIGINT("stopped by Ctrl-C", 130),
        LEASE_LOST(
                "stopped because another process has taken or removed the run directory; nothing more was"
                        + " written there",
                1);

        private final String line;
        private final int status;

        Cause(String line, int status) {
            this.line = line;
            this.status = status;
        }

        public String line() {
            return line;
        }

        public int status() {
            return status;
        }
    }

    private static final long CANCEL_EVERY_MILLIS = 200;
    private static final AtomicReference<Cause> CAUSE = new AtomicReference<>();

    private static boolean registered;

    private Termination() {}

    /** Makes SIGTERM end this process so, which looks at {@link #cause()}, from the first call on. */
    public static void onSigterm() {
        register("TERM", Cause.SIGTERM, () -> false);
    }

    /** Makes SIGTERM and Ctrl-C end this process so, from the first call on; Spark is started in it next. */
    public static synchronized void onSignals() {
        if (!registered) {
            registered = true;
            register("TERM", Cause.SIGTERM, Termination::nothingBegun);
            register("INT", Cause.SIGINT, Termination::nothingBegun);
        }
    }

    private static void register(String signal, Cause cause, BooleanSupplier nothingBegun) {
        SignalUtils.register(signal, () -> {
            if (nothingBegun.getAsBoolean()) {
                System.err.println("efsnas: " + cause.line());
                Runtime.getRuntime().halt(cause.status());
            }
            if (!begin(cause)) {
                Runtime.getRuntime().halt(cause.status());
            }
            return true;
        });
    }

    private static boolean nothingBegun() {
        return SparkSession.getDefaultSession().isEmpty();
    }

    /** Ends this process, unless that has begun. */
    public static boolean begin(Cause cause) {
        boolean first = CAUSE.compareAndSet(null, cause);
        if (first) {
            Thread thread = new Thread(Termination::cancelJobs, "efsnas-termination");
            thread.setDaemon(true);
            thread.start();
        }
        return first;
    }

    /** Why this process is ending, if it is. */
    public static Optional<Cause> cause() {
        return Optional.ofNullable(CAUSE.get());
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
