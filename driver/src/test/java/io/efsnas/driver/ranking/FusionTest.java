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
        // One supernet. The free says rank 1, 3, 2, the accuracies 1, 2, 3: so the third takes the second's free say.
        Fusion fusion = Fusion.of(
                List.of(0.1, 0.5, 0.9),
                List.of(0, 0, 0),
                List.of(10.0, 30.0, 20.0),
                List.of(List.of(1.0, 2.0, 3.0), List.of(3.0, 2.0, 1.0)));

        assertThat(fusion.agreement()).isCloseTo(0.5, within(1e-12));
        assertThat(fusion.weight()).isCloseTo(Fusion.weight(0.5), within(1e-12));
        double first = ln(1, 3) + (ln(1, 3) + ln(3, 3)) / 2;
        double second = ln(3, 3) + (ln(2, 3) + ln(2, 3)) / 2;
        double third = ln(2, 3) + (ln(3, 3) + ln(1, 3)) / 2;
        assertThat(fusion.scores().get(0)).isCloseTo(first + fusion.weight() * ln(1, 3), within(1e-12));
        assertThat(fusion.scores().get(1)).isCloseTo(second + fusion.weight() * ln(2, 3), within(1e-12));
        assertThat(fusion.scores().get(2)).isCloseTo(third + fusion.weight() * ln(3, 3), within(1e-12));
    }

    /** Two predictors that correlate with the truth by 0.8 and err independently agree by 0.64. */
    @Test
    void accuraciesHaveAsMuchSayAsTheirAgreementShows() {
        assertThat(Fusion.weight(-0.3)).isZero();
        assertThat(Fusion.weight(0)).isZero();
        assertThat(Fusion.weight(Double.NaN)).isZero();
        assertThat(Fusion.weight(0.64)).isCloseTo(1, within(1e-12));
        assertThat(Fusion.weight(0.95)).isEqualTo(1);
        // 0.4 shows a correlation of 0.5: 0.5 (1 - 0.64) / (0.8 (1 - 0.25)).
        assertThat(Fusion.weight(0.4)).isCloseTo(0.3, within(1e-12));
    }

    /** However accurate a supernet makes all of its architectures look. */
    @Test
    void accuraciesOfDifferentSupernetsAreNotCompared() {
        Random random = new Random(1);
        List<Double> accuracies = random.doubles(40).boxed().toList();
        List<Integer> supernets = IntStream.range(0, 40).map(i -> i % 3).boxed().toList();
        List<Double> cost = random.doubles(40).boxed().toList();
        List<List<Double>> built = List.of(accuracies);
        List<Double> shifted = IntStream.range(0, 40)
                .mapToObj(i -> accuracies.get(i) + 10 * (i % 3))
                .toList();

        Fusion fusion = Fusion.of(accuracies, supernets, cost, built);

        assertThat(fusion.weight()).isPositive();
        assertThat(Fusion.of(shifted, supernets, cost, built)).isEqualTo(fusion);
    }

    @Test
    void equalAccuraciesAreEqualWhateverTheirOrder() {
        List<Double> halves = List.of(0.5, 0.5, 0.5, 0.5, 0.9, 0.9);
        List<Integer> supernets = Collections.nCopies(6, 0);
        List<Double> same = Collections.nCopies(6, 1.0);

        Fusion fusion = Fusion.of(halves, supernets, List.of(1.0, 2.0, 3.0, 4.0, 5.0, 6.0), List.of(same));

        assertThat(fusion.weight()).isPositive();
        // Between architectures of the same accuracy the cost alone makes a difference.
        assertThat(fusion.scores().get(3) - fusion.scores().get(0)).isCloseTo(ln(4, 6) - ln(1, 6), within(1e-12));
        assertThat(fusion.scores().get(5) - fusion.scores().get(4)).isCloseTo(ln(6, 6) - ln(5, 6), within(1e-12));
    }

    @Test
    void whatHasNoFiniteValueRanksLast() {
        List<Double> same = List.of(1.0, 1.0, 1.0);

        List<Double> scores = Fusion.of(
                        same, List.of(0, 0, 0), same, List.of(List.of(Double.NaN, -5.0, Double.NEGATIVE_INFINITY)))
                .scores();

        assertThat(scores.get(1)).isGreaterThan(scores.get(0));
        assertThat(scores.get(0)).isEqualTo(scores.get(2));
    }
}
