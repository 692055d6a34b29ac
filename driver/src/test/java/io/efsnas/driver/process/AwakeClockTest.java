package io.efsnas.driver.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AwakeClockTest {

    @Test
    void timeAsleepDoesNotCount() {
        AtomicLong time = new AtomicLong();
        AwakeClock clock = new AwakeClock(time::get);
        long start = clock.now();
        for (int second = 1; second <= 30; second++) {
            time.addAndGet(Duration.ofSeconds(1).toNanos());
            assertThat(clock.now() - start).isEqualTo(Duration.ofSeconds(second).toNanos());
        }

        time.addAndGet(Duration.ofMinutes(171).toNanos());
        assertThat(clock.now() - start).isEqualTo(Duration.ofSeconds(30).toNanos());

        time.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(clock.now() - start).isEqualTo(Duration.ofSeconds(32).toNanos());
    }
}
