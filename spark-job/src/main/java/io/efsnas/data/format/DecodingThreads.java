package io.efsnas.data.format;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** The threads of a JVM that decode images, one for each processor. */
final class DecodingThreads {

    private static final ExecutorService THREADS =
            Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(), task -> {
                Thread thread = new Thread(task, "efsnas-images");
                thread.setDaemon(true);
                return thread;
            });

    private DecodingThreads() {}

    /**
     * Calls a function for each of some values, side by side, and gives the results in the order of the values. What a call
     * throws is thrown as it is.
     *
     * @throws CancellationException if the waiting thread is interrupted; it stays interrupted
     */
    static <T, R> List<R> all(List<T> values, Function<? super T, ? extends R> call) {
        List<Future<R>> begun = values.stream()
                .map(value -> THREADS.<R>submit(() -> call.apply(value)))
                .toList();
        try {
            return begun.stream().map(DecodingThreads::result).toList();
        } finally {
            begun.forEach(each -> each.cancel(true)); // the rest, if one has failed
        }
    }

    private static <R> R result(Future<R> begun) {
        try {
            return begun.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for images");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw (Error) e.getCause();
        }
    }
}
