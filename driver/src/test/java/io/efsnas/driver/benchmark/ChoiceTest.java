package io.efsnas.driver.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ChoiceTest {

    @Test
    void isTheTrulyBestOfThoseRankedFirst() {
        double[] predicted = {9, 8, 7, 1};
        double[] actual = {70, 90, 80, 94};

        assertThat(Choice.of(1, predicted, actual)).isEqualTo(new Choice(70, 24, 25));
        assertThat(Choice.of(2, predicted, actual)).isEqualTo(new Choice(90, 4, 75));
        assertThat(Choice.of(10, predicted, actual)).isEqualTo(new Choice(94, 0, 100));
    }

    @Test
    void nothingIsExceededByMoreThanTheBest() {
        Choice choice = Choice.of(1, new double[7], new double[] {93.9, 93.9, 93.9, 93.9, 93.9, 93.9, 93.9});

        assertThat(choice.regret()).isBetween(0.0, 1e-9);
        assertThat(choice.percentile()).isCloseTo(100, within(1e-9));
    }

    /** Against breaking ties in every possible way. */
    @Property(tries = 100)
    void tiedOnesAreChosenInAllWays(
            @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 0, max = 2) Integer> predictions,
            @ForAll @Size(6) List<@IntRange(min = 50, max = 60) Integer> truths,
            @ForAll @IntRange(min = 1, max = 7) int few) {
        double[] predicted =
                predictions.stream().mapToDouble(Integer::doubleValue).toArray();
        double[] actual = truths.stream()
                .limit(predicted.length)
                .mapToDouble(Integer::doubleValue)
                .toArray();
        double mean = 0;
        double meanPercentile = 0;
        List<List<Integer>> orders = permutations(predicted.length);
        for (List<Integer> order : orders) {
            double best = order.stream()
                    .sorted(Comparator.comparing(i -> -predicted[i]))
                    .limit(few)
                    .mapToDouble(i -> actual[i])
                    .max()
                    .orElseThrow();
            mean += best / orders.size();
            meanPercentile += 100.0
                    * IntStream.range(0, actual.length)
                            .filter(i -> actual[i] <= best)
                            .count()
                    / actual.length
                    / orders.size();
        }

        Choice choice = Choice.of(few, predicted, actual);

        assertThat(choice.accuracy()).isCloseTo(mean, within(1e-9));
        assertThat(choice.percentile()).isCloseTo(meanPercentile, within(1e-9));
    }

    private static List<List<Integer>> permutations(int many) {
        if (many == 0) {
            return List.of(List.of());
        }
        List<List<Integer>> all = new ArrayList<>();
        for (List<Integer> shorter : permutations(many - 1)) {
            for (int i = 0; i < many; i++) {
                List<Integer> order = new ArrayList<>(shorter);
                order.add(i, many - 1);
                all.add(order);
            }
        }
        return all;
    }
}
