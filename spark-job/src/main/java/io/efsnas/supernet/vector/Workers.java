package io.efsnas.supernet.vector;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A few threads that run the same short task over and over on other groups. Kernels take some ten microseconds, so
 * waiting threads spin before they park. Whoever is free takes the next group: a thread that the system has put aside
 * holds up one group at the most.
 */
final class Workers implements AutoCloseable {

    /** Work on one group of images; may run at the same time as that on other groups. */
    @FunctionalInterface
    interface GroupTask {
        void run(int group);
    }

    /** One task on all groups. */
    private static final class Round {
        private final GroupTask task;
        private final int groups;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger pending;
        private volatile Throwable failure;

        Round(GroupTask task, int groups) {
            this.task = task;
            this.groups = groups;
            this.pending = new AtomicInteger(groups);
        }

        /** Takes groups until none is left. */
        void work() {
            for (int group = next.getAndIncrement(); group < groups; group = next.getAndIncrement()) {
                try {
                    task.run(group);
                } catch (RuntimeException | Error e) {
                    failure = e;
                } finally {
                    pending.decrementAndGet();
                }
            }
        }

        void await() {
            while (pending.get() > 0) {
                Thread.onSpinWait();
            }
            if (failure != null) {
                throw new IllegalStateException("a kernel failed: " + failure, failure);
            }
        }
    }

    private static final int SPINS = 20_000;

    private final Thread[] helpers;
    private volatile Round current = new Round(group -> {}, 0);
    private volatile boolean closed;

    Workers(int threads) {
        helpers = new Thread[threads - 1];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = new Thread(this::help, "efsnas-vector-" + (i + 1));
            helpers[i].setDaemon(true);
            helpers[i].start();
        }
    }

    /** Runs the task for the groups from 0 to below {@code groups} and waits for all. */
    void forEachGroup(int groups, GroupTask task) {
        Round round = new Round(task, groups);
        if (groups > 1) {
            current = round;
            for (Thread helper : helpers) {
                LockSupport.unpark(helper);
            }
        }
        round.work();
        round.await();
    }

    private void help() {
        Round last = null;
        while (!closed) {
            for (int spin = 0; spin < SPINS && current == last; spin++) {
                Thread.onSpinWait();
            }
            if (current == last) {
                LockSupport.park(this);
            } else {
                last = current;
                last.work();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
        }
    }
}
