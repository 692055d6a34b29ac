package io.efsnas.data;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongFunction;

/**
 * Makes the batches of a range of steps on a thread of its own, ahead of the steps that need them, so that training does
 * not wait for pixels. To be used by one thread, and closed by it.
 *
 * @param <T> what a step needs: a batch, or several views of its images
 */
public final class BatchQueue<T> implements Iterator<T>, AutoCloseable {

    private final LongFunction<T> batches;
    private final long end;
    private final ExecutorService producer;
    private final Queue<Future<T>> ahead = new ArrayDeque<>();
    private long nextToPrepare;

    /**
     * Begins to make batches.
     *
     * @param batches the batch of a step, such as {@link TrainingBatches#batch}; called by the queue's thread
     * @param start the first step
     * @param end the step after the last one
     * @param depth how many batches are made ahead at most
     */
    public BatchQueue(LongFunction<T> batches, long start, long end, int depth) {
        if (depth < 1) {
            throw new IllegalArgumentException("at least 1 batch must be made ahead, not " + depth);
        }
        this.batches = batches;
        this.end = end;
        this.nextToPrepare = start;
        this.producer = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "efsnas-batches");
            thread.setDaemon(true);
            return thread;
        });
        for (int i = 0; i < depth; i++) {
            prepareNext();
        }
    }

    private void prepareNext() {
        if (nextToPrepare < end) {
            long step = nextToPrepare++;
            ahead.add(producer.submit(() -> batches.apply(step)));
        }
    }

    /** Whether there is a step left; there is none after {@link #close}. */
    @Override
    public boolean hasNext() {
        return !ahead.isEmpty();
    }

    /**
     * The batch of the next step, after waiting for it if need be. What making it threw is thrown as it is.
     *
     * @throws NoSuchElementException if no step is left
     * @throws CancellationException if the waiting thread is interrupted; it stays interrupted
     */
    @Override
    public T next() {
        Future<T> batch = ahead.remove();
        prepareNext();
        try {
            return batch.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for a batch");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw (Error) e.getCause();
        }
    }

    /** Ends the thread and forgets the batches made ahead. */
    @Override
    public void close() {
        producer.shutdownNow();
        ahead.clear();
    }
}
