package io.efsnas.driver.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RanksTest {

    /** The ranks are 2.5, 4, 2.5 and 1 of 4. */
    @Test
    void tiedValuesShareTheirMeanRank() {
        assertThat(Ranks.logarithms(new double[] {0.5, Double.POSITIVE_INFINITY, 0.5, Double.NEGATIVE_INFINITY}))
                .containsExactly(Math.log(2.5 / 4), 0, Math.log(2.5 / 4), Math.log(1 / 4.0));
    }

    /** A rank is one more than how many are lower, tied ones in the middle of theirs. */
    @Property(tries = 200)
    void agreesWithTheDefinition(@ForAll @Size(min = 1, max = 20) List<@IntRange(min = 0, max = 5) Integer> values) {
        double[] numbers = values.stream().mapToDouble(value -> value).toArray();

        double[] logarithms = Ranks.logarithms(numbers);

        for (int i = 0; i < numbers.length; i++) {
            assertThat(logarithms[i]).isCloseTo(Math.log(rank(numbers, i) / numbers.length), within(1e-12));
        }
    }

    private static double rank(double[] values, int index) {
        double rank = 0.5;
        for (double other : values) {
            rank += other < values[index] ? 1 : other == values[index] ? 0.5 : 0;
        }
        return rank;
    }
}
