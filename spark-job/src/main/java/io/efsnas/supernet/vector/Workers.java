package io.efsnas.supernet.vector;

import java.util.concurrent.locks.LockSupport;

/**
 * A few threads that run the same short task over and over on other groups. Kernels take some ten microseconds, so
 * waiting threads spin before they park.
 */
final class Workers implements AutoCloseable {

    /** Work on one group of images; may run at the same time as that on other groups. */
    @FunctionalInterface
    interface GroupTask {
        void run(int group);
    }

    private static final int SPINS = 20_000;

    private final Worker[] helpers;

    Workers(int threads) {
        helpers = new Worker[threads - 1];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = new Worker("efsnas-vector-" + (i + 1));
            helpers[i].start();
        }
    }

    /** Runs the task for the groups from 0 to below {@code groups} and waits for all. */
    void forEachGroup(int groups, GroupTask task) {
        int parts = Math.min(groups, helpers.length + 1);
        for (int part = 1; part < parts; part++) {
            helpers[part - 1].begin(task, groups * part / parts, groups * (part + 1) / parts);
        }
        try {
            for (int group = 0; group < groups / parts; group++) {
                task.run(group);
            }
        } finally {
            for (int part = 1; part < parts; part++) {
                helpers[part - 1].awaitIdle();
            }
        }
        for (int part = 1; part < parts; part++) {
            helpers[part - 1].rethrow();
        }
    }

    @Override
    public void close() {
        for (Worker helper : helpers) {
            helper.end();
        }
    }

    private static final class Worker extends Thread {
        private GroupTask task;
        private int from;
        private int to;
        private RuntimeException failure;
        /** Handed back and forth: true while the worker has something to do. Publishes the plain fields above. */
        private volatile boolean busy;

        private volatile boolean ended;

        Worker(String name) {
            super(name);
            setDaemon(true);
        }

        void begin(GroupTask newTask, int newFrom, int newTo) {
            task = newTask;
            from = newFrom;
            to = newTo;
            busy = true;
            LockSupport.unpark(this);
        }

        void awaitIdle() {
            while (busy) {
                Thread.onSpinWait();
            }
        }

        void rethrow() {
            if (failure != null) {
                RuntimeException thrown = failure;
                failure = null;
                throw thrown;
            }
        }

        void end() {
            ended = true;
            LockSupport.unpark(this);
        }

        @Override
        public void run() {
            while (!ended) {
                for (int spin = 0; spin < SPINS && !busy; spin++) {
                    Thread.onSpinWait();
                }
                if (!busy) {
                    LockSupport.park(this);
                    continue;
                }
                try {
                    for (int group = from; group < to; group++) {
                        task.run(group);
                    }
                } catch (RuntimeException e) {
                    failure = e;
                }
                task = null;
                busy = false;
            }
        }
    }
}
