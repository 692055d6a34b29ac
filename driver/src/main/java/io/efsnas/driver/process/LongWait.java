package io.efsnas.driver.process;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log what a process waits for, if that takes longer than a user would bear with a silent terminal. */
public final class LongWait implements AutoCloseable {

    /** How long a process may wait without a word. */
    public static final Duration SILENCE = Duration.ofSeconds(15);

    private static final Logger log = LoggerFactory.getLogger(LongWait.class);

    private final long start = System.nanoTime();
    private final ScheduledExecutorService timer = DaemonTimer.of("efsnas-long-wait");

    /**
     * Begins to wait, until {@link #close}.
     *
     * @param what what is waited for
     */
    @SuppressWarnings("FutureReturnValueIgnored") // it only logs
    public LongWait(String what) {
        timer.scheduleAtFixedRate(
                () -> log.info("waiting for {}, {} s so far", what, (long) Seconds.since(start)),
                SILENCE.toSeconds(),
                SILENCE.toSeconds(),
                TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
