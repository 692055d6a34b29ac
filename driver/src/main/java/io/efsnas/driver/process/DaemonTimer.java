package io.efsnas.driver.process;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.commons.lang3.concurrent.BasicThreadFactory;

/** Timers that do not keep a JVM alive. */
public final class DaemonTimer {

    private DaemonTimer() {}

    /**
     * A timer of one thread.
     *
     * @param thread its name
     */
    public static ScheduledExecutorService of(String thread) {
        return Executors.newSingleThreadScheduledExecutor(new BasicThreadFactory.Builder()
                .namingPattern(thread)
                .daemon(true)
                .build());
    }
}
