package io.efsnas.driver.flow;

import java.util.function.LongSupplier;

/** When a file that grows is written anew, so that writing it takes at most a small share of the time. */
final class Pace {

    /** How many times as long as a writing it takes until the next one is due. */
    private static final int REST = 20;

    private final LongSupplier nanoseconds;
    private long next;

    /**
     * @param nanoseconds a clock, as {@link System#nanoTime}
     */
    Pace(LongSupplier nanoseconds) {
        this.nanoseconds = nanoseconds;
        this.next = nanoseconds.getAsLong();
    }

    boolean isDue() {
        return nanoseconds.getAsLong() - next >= 0;
    }

    /** Writes, whether it is due or not. */
    void run(Runnable writing) {
        long begun = nanoseconds.getAsLong();
        writing.run();
        long ended = nanoseconds.getAsLong();
        next = ended + REST * (ended - begun);
    }
}
