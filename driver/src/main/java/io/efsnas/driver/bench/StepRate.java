package io.efsnas.driver.bench;

import io.efsnas.data.Batch;
import io.efsnas.driver.process.Seconds;
import io.efsnas.space.Architecture;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.Supernet;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** How many training steps per second supernets take that share a device, without waiting for each step's loss. */
public final class StepRate {

    public static final float LEARNING_RATE = 0.025f;

    private StepRate() {}

    /**
     * Steps per second of all supernets together, each on a thread of its own. All take one step for each subnet before
     * they are timed, and one for each again.
     *
     * @param made makes a supernet
     */
    public static double of(int supernets, Supplier<Supernet> made, Batch images, List<Architecture> subnets) {
        ExecutorService threads = Executors.newFixedThreadPool(supernets);
        CyclicBarrier together = new CyclicBarrier(supernets);
        try {
            CompletionService<Double> seconds = new ExecutorCompletionService<>(threads);
            for (int i = 0; i < supernets; i++) {
                Future<Double> unused = seconds.submit(() -> {
                    try (Supernet supernet = made.get()) {
                        train(supernet, images, subnets);
                        together.await();
                        long start = System.nanoTime();
                        train(supernet, images, subnets);
                        return Seconds.since(start);
                    }
                });
            }
            double longest = 0;
            for (int i = 0; i < supernets; i++) {
                // The first to end: one that has failed leaves the others waiting for it.
                longest = Math.max(longest, seconds.take().get());
            }
            return supernets * subnets.size() / longest;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while supernets were being timed", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private static void train(Supernet supernet, Batch images, List<Architecture> subnets) {
        PendingEvaluation last = null;
        for (Architecture subnet : subnets) {
            last = supernet.train(images, List.of(subnet), LEARNING_RATE);
        }
        if (last != null) {
            last.get();
        }
    }
}
