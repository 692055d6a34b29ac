package io.efsnas.driver.spark;

import io.efsnas.driver.process.Termination;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives devices that training leaves idle what can be done meanwhile, a piece at a time. Nobody depends on it: what is not
 * begun when training ends is done later, and so is a piece that fails. Its jobs have a pool of Spark's fair scheduler of
 * their own, so that a round never waits for more than a task of them; in a session that queues all jobs in one line nothing
 * is done meanwhile.
 */
public final class IdleDevices implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(IdleDevices.class);
    private static final String POOL = "spark.scheduler.pool";
    private static final String MODE = "spark.scheduler.mode";
    private static final String FAIR = "FAIR";
    private static final int LOOK_EVERY_MILLIS = 1000;

    private final JavaSparkContext spark;
    private final String tag;
    private final IntSupplier slots;
    private final BooleanSupplier terminating;
    private final Deque<Runnable> pieces = new ArrayDeque<>();
    private final Thread thread;
    private int busy;
    private boolean closed;

    /**
     * @param search the tag of the jobs of the search
     * @param slots how many tasks can run at a time
     */
    public IdleDevices(JavaSparkContext spark, String search, IntSupplier slots) {
        this(spark, search, slots, () -> Termination.cause().isPresent());
    }

    /** @param terminating whether the process is ending, which cancels all jobs */
    IdleDevices(JavaSparkContext spark, String search, IntSupplier slots, BooleanSupplier terminating) {
        this.spark = spark;
        this.tag = search + "-idle";
        this.slots = slots;
        this.terminating = terminating;
        this.busy = Integer.MAX_VALUE;
        this.thread = new Thread(this::run, "efsnas-idle-devices");
        thread.setDaemon(true);
        if (spark.getConf().get(MODE, "").equals(FAIR)) {
            thread.start();
        }
    }

    /** Lets pieces of work be done from now on. */
    public synchronized void add(Collection<Runnable> more) {
        pieces.addAll(more);
        notifyAll();
    }

    /** So many tasks of the training can run from now on. */
    public synchronized void busy(int tasks) {
        busy = tasks;
        notifyAll();
    }

    private void run() {
        spark.setLocalProperty(POOL, tag);
        spark.addJobTag(tag);
        try {
            for (Runnable piece = next(); piece != null; piece = next()) {
                piece.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private synchronized void failed(RuntimeException e) {
        if (!closed && !terminating.getAsBoolean()) {
            log.info("what was begun beside the training is left for later: {}", e.getMessage());
        }
    }

    /** Waits for the next piece; null when no more is to be done. */
    private synchronized Runnable next() throws InterruptedException {
        while (!closed && (pieces.isEmpty() || slots.getAsInt() <= busy)) {
            wait(LOOK_EVERY_MILLIS); // executors come and go
        }
        return closed ? null : pieces.remove();
    }

    /** Begins no further piece, and waits for the one that is being done. */
    public void await() {
        end();
        join();
    }

    private synchronized void end() {
        closed = true;
        notifyAll();
    }

    private void join() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while devices did what can be done beside training", e);
        }
    }

    /** Breaks off what is still being done. */
    @Override
    public void close() {
        end();
        spark.cancelJobsWithTag(tag);
        join();
    }
}
