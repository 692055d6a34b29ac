package io.efsnas.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** By a clock of its own. */
class StepTimerTest {

    private final List<Integer> taken = new ArrayList<>();
    private long now;

    private double seconds(double atATime, int most, long... millis) throws IOException {
        return StepTimer.secondsOf(
                steps -> {
                    long step = millis[Math.min(taken.size(), millis.length - 1)];
                    taken.add(steps);
                    now += steps * step * 1_000_000;
                },
                atATime,
                most,
                () -> now);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    # as many as fit into the time, but no more than the most, and at least one
                    0.1; 50; 4,10
                    0.1; 7;  4,7
                    0;   50; 4,1
                    0.1; 3;  3,3
                    """)
    void stepsFillTheTime(double atATime, int most, String expected) throws IOException {
        assertThat(seconds(atATime, most, 10)).isEqualTo(0.01);
        assertThat(taken).hasToString("[" + expected.replace(",", ", ") + "]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    # until they are no longer a tenth faster, and then the last time counts
                    100, 50, 20, 19, 1; 0.019; 4
                    100, 100, 1;        0.1;   2
                    64, 32, 16, 8, 4, 2, 1, 1, 1; 0.001; 7
                    """)
    void stepsAreTimedUntilTheyGetNoFaster(String millis, double step, int times) throws IOException {
        long[] each =
                Arrays.stream(millis.split(", ")).mapToLong(Long::parseLong).toArray();

        assertThat(seconds(0.1, 50, each)).isEqualTo(step);
        assertThat(taken).hasSize(times);
    }
}
