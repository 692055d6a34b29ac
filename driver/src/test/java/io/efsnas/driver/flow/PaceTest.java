package io.efsnas.driver.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class PaceTest {

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5); // nanoTime may overflow

    @Test
    void theFirstWritingIsDueAtOnceAndTheNextTwentyTimesItsTimeLater() {
        Pace pace = new Pace(clock::get);
        assertThat(pace.isDue()).isTrue();

        pace.run(() -> clock.addAndGet(7));

        assertThat(pace.isDue()).isFalse();
        clock.addAndGet(139);
        assertThat(pace.isDue()).isFalse();
        clock.addAndGet(1);
        assertThat(pace.isDue()).isTrue();
    }

    @Property
    void writingTakesATwentiethOfTheTimeAtMost(@ForAll @LongRange(min = 0, max = 1000) long each) {
        Pace pace = new Pace(clock::get);
        AtomicLong writing = new AtomicLong();
        long begun = clock.get();
        for (int part = 0; part < 1000; part++) {
            clock.addAndGet(100);
            if (pace.isDue()) {
                pace.run(() -> {
                    clock.addAndGet(each);
                    writing.addAndGet(each);
                });
            }
        }

        assertThat(writing.get()).isLessThanOrEqualTo((clock.get() - begun) / 20 + each);
    }
}
