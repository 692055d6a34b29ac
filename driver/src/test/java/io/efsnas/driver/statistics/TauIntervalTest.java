package io.efsnas.driver.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TauIntervalTest {

    /** Of normal scores that correlate by rho, tau is 2 / pi asin(rho). 95 of 100 intervals should hold it. */
    @Test
    void holdsTheTauOfAllWith95PercentConfidence() {
        double rho = 0.7;
        double tau = 2 / Math.PI * Math.asin(rho);
        Random random = new Random(7);
        int held = 0;
        int trials = 300;
        for (int trial = 0; trial < trials; trial++) {
            double[] first = IntStream.range(0, 120)
                    .mapToDouble(any -> random.nextGaussian())
                    .toArray();
            double[] second = IntStream.range(0, first.length)
                    .mapToDouble(i -> rho * first[i] + Math.sqrt(1 - rho * rho) * random.nextGaussian())
                    .toArray();
            TauInterval interval = TauInterval.of(first, second).orElseThrow();
            held += interval.low() <= tau && tau <= interval.high() ? 1 : 0;
        }

        assertThat(held).isBetween(trials * 91 / 100, trials * 98 / 100);
    }

    @Test
    void sameScoresHaveTheSameInterval() {
        double[] first = new Random(1).doubles(50).toArray();
        double[] second = new Random(2).doubles(50).toArray();

        assertThat(TauInterval.of(first, second)).isPresent().isEqualTo(TauInterval.of(first, second));
    }

    @Test
    void isAPointWhereTheOrderIsTheSame() {
        assertThat(TauInterval.of(new double[] {1, 2, 3, 4}, new double[] {5, 6, 7, 8}))
                .contains(new TauInterval(1, 1));
    }

    @Test
    void isUndefinedWhereTauIs() {
        assertThat(TauInterval.of(new double[] {1, 1, 1}, new double[] {1, 2, 3}))
                .isEmpty();
        assertThat(TauInterval.of(new double[] {1}, new double[] {2})).isEmpty();
        assertThat(TauInterval.of(new double[] {}, new double[] {})).isEmpty();
    }
}
