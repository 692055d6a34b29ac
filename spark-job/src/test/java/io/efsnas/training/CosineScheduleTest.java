package io.efsnas.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CosineScheduleTest {

    private static final CosineSchedule SCHEDULE = new CosineSchedule(0.1, 0.02, 12);

    @Test
    void fallsAlongHalfACosine() {
        assertThat(SCHEDULE.rate(0)).isEqualTo(0.1);
        // cos(60°) = 1/2, cos(90°) = 0, cos(120°) = -1/2
        assertThat(SCHEDULE.rate(4)).isCloseTo(0.08, within(1e-12));
        assertThat(SCHEDULE.rate(6)).isCloseTo(0.06, within(1e-12));
        assertThat(SCHEDULE.rate(8)).isCloseTo(0.04, within(1e-12));
        assertThat(SCHEDULE.rate(12)).isEqualTo(0.02);
    }
}
