package io.efsnas.driver.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecondsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0.4 | 0 s",
                "59.4 | 59 s",
                "59.6 | 1 min 0 s",
                "725 | 12 min 5 s",
                "3599 | 59 min 59 s",
                "3600 | 1 h 0 min",
                "11520 | 3 h 12 min",
                "36000000 | 10,000 h 0 min",
            })
    void durationsHaveTheirTwoLargestUnits(double seconds, String text) {
        assertThat(Seconds.text(seconds)).isEqualTo(text);
    }

    @Test
    void whatIsLeftIsEstimatedUntilAllIsDone() {
        assertThat(Seconds.rest(20, 4, 10, "left to train")).isEqualTo("; about 30 s left to train");
        assertThat(Seconds.rest(50, 10, 10, "left to train")).isEmpty();
    }

    @Test
    void nanosecondsAreCountedWhole() {
        assertThat(Seconds.ofNanos(1_500_000_000L)).isEqualTo(1.5);
    }
}
