package io.efsnas.driver.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RanksTest {

    private static final double[] FIRST = {0.5, 0.9, 0.5, 0.1};
    private static final double[] SECOND = {4, 1, 8, 2};

    /** The first ranks 2.5, 4, 2.5, 1 and the second ranks 3, 1, 4, 2, of 4. */
    @Test
    void ranksAreWeighedAndAveraged() {
        assertThat(Ranks.weightedMean(FIRST, SECOND, 0)).containsExactly(0.625, 1, 0.625, 0.25);
        assertThat(Ranks.weightedMean(FIRST, SECOND, 1)).containsExactly(0.6875, 0.625, 0.8125, 0.375);
        assertThat(Ranks.weightedMean(FIRST, SECOND, 0.5))
                .containsExactly(new double[] {4 / 6.0, 4.5 / 6, 4.5 / 6, 2 / 6.0}, within(1e-12));
    }

    /** A rank is one more than how many are lower, tied ones in the middle of theirs. */
    @Property(tries = 200)
    void agreesWithTheDefinition(
            @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 0, max = 5) Integer> values,
            @ForAll @DoubleRange(min = 0, max = 3) double weight) {
        double[] first = values.stream().mapToDouble(value -> value).toArray();
        double[] second = values.stream().mapToDouble(value -> (value * 3) % 7).toArray();

        double[] means = Ranks.weightedMean(first, second, weight);

        for (int i = 0; i < first.length; i++) {
            double expected = (rank(first, i) + weight * rank(second, i)) / (1 + weight) / first.length;
            assertThat(means[i]).isCloseTo(expected, within(1e-12));
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
