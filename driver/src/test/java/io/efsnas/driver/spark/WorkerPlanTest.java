package io.efsnas.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class WorkerPlanTest {

    @Property
    void noWorkerTakesMoreStepsThanConfiguredAndIntervalsAreEven(
            @ForAll @IntRange(min = 1, max = 70) int workers,
            @ForAll @IntRange(min = 1, max = 60) int steps,
            @ForAll @IntRange(min = 0, max = 1000) int from,
            @ForAll @IntRange(min = 1, max = 3000) int length) {
        List<Long> ends = new WorkerPlan(workers, steps).averagings(from, from + length);

        long least = Long.MAX_VALUE;
        long most = 0;
        long begun = from;
        for (long end : ends) {
            least = Math.min(least, end - begun);
            most = Math.max(most, end - begun);
            begun = end;
        }
        assertThat(begun).isEqualTo(from + length);
        assertThat(least).isPositive().isGreaterThanOrEqualTo(most - 1);
        assertThat(most).isLessThanOrEqualTo((long) workers * steps);
    }

    @Test
    void quickstartsWarmStartIsAveragedNineTimesARound() {
        assertThat(new WorkerPlan(2, 50).averagings(900, 1800))
                .hasSize(9)
                .startsWith(1000L, 1100L)
                .endsWith(1800L);
    }
}
