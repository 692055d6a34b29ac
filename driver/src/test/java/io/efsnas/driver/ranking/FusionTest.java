package io.efsnas.driver.ranking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FusionTest {

    private static double ln(double rank, int of) {
        return Math.log(rank / of);
    }

    @Test
    void addsTheSaysOfThreeExperts() {
        // One supernet, whose accuracies rank 1, 3, 2: they take the free scores of the ranks 1, 3, 2.
        double[] scores = Fusion.scores(
                List.of(0.1, 0.9, 0.5),
                List.of(0, 0, 0),
                List.of(10.0, 30.0, 20.0),
                List.of(List.of(1.0, 2.0, 3.0), List.of(3.0, 2.0, 1.0)));

        double first = ln(1, 3) + (ln(1, 3) + ln(3, 3)) / 2;
        double second = ln(3, 3) + (ln(2, 3) + ln(2, 3)) / 2;
        double third = ln(2, 3) + (ln(3, 3) + ln(1, 3)) / 2;
        assertThat(scores[0]).isCloseTo(first + ln(1, 3), within(1e-12));
        assertThat(scores[1]).isCloseTo(second + ln(3, 3), within(1e-12));
        assertThat(scores[2]).isCloseTo(third + ln(2, 3), within(1e-12));
    }

    /** However accurate a supernet makes all of its architectures look. */
    @Test
    void accuraciesOfDifferentSupernetsAreNotCompared() {
        Random random = new Random(1);
        List<Double> accuracies = random.doubles(40).boxed().toList();
        List<Integer> supernets = IntStream.range(0, 40).mapToObj(i -> i % 3).toList();
        List<Double> cost = random.doubles(40).boxed().toList();
        List<List<Double>> built = List.of(random.doubles(40).boxed().toList());
        List<Double> shifted = IntStream.range(0, 40)
                .mapToObj(i -> accuracies.get(i) + 10 * (i % 3))
                .toList();

        assertThat(Fusion.scores(shifted, supernets, cost, built))
                .isEqualTo(Fusion.scores(accuracies, supernets, cost, built));
    }

    @Test
    void equalAccuraciesAreEqualWhateverTheirOrder() {
        List<Double> equal = Collections.nCopies(4, 0.5);
        List<Integer> supernets = List.of(0, 0, 0, 0);

        double[] scores = Fusion.scores(equal, supernets, List.of(1.0, 2.0, 3.0, 4.0), List.of(equal));

        // What differs is the cost alone.
        assertThat(scores[3] - scores[0]).isCloseTo(ln(4, 4) - ln(1, 4), within(1e-12));
    }

    @Test
    void whatHasNoFiniteValueRanksLast() {
        List<Integer> supernets = List.of(0, 0, 0);
        List<Double> same = List.of(1.0, 1.0, 1.0);

        double[] scores =
                Fusion.scores(same, supernets, same, List.of(List.of(Double.NaN, -5.0, Double.NEGATIVE_INFINITY)));

        assertThat(scores[1]).isGreaterThan(scores[0]);
        assertThat(scores[0]).isEqualTo(scores[2]);
    }
}
