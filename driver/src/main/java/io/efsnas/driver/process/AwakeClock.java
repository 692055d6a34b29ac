package io.efsnas.driver.process;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Time that this process was awake: that of a suspended process, or of a laptop that slept, does not count. */
public final class AwakeClock {

    /** A process that does not get to look at the clock for longer was asleep. */
    private static final Duration ASLEEP = Duration.ofSeconds(10);

    private static final AwakeClock SHARED = ticking();

    private final LongSupplier nanoTime;
    private long last;
    private long asleep;

    AwakeClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.last = nanoTime.getAsLong();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it only looks at the clock
    private static AwakeClock ticking() {
        AwakeClock clock = new AwakeClock(System::nanoTime);
        DaemonTimer.of("efsnas-awake-clock").scheduleAtFixedRate(clock::now, 1, 1, TimeUnit.SECONDS);
        return clock;
    }

    /** Nanoseconds since an arbitrary time, as {@link System#nanoTime()} but for those asleep. */
    public static long nanoTime() {
        return SHARED.now();
    }

    synchronized long now() {
        long now = nanoTime.getAsLong();
        if (now - last > ASLEEP.toNanos()) {
            asleep += now - last;
        }
        last = now;
        return now - asleep;
    }
}
