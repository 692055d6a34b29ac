package io.efsnas.driver.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.math3.stat.interval.ConfidenceInterval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProportionTest {

    /** The 97.5 % quantile of the standard normal distribution. */
    private static final double Z = 1.959963984540054;

    /** The first two by hand: (p + z²/2n ± z sqrt(p(1 - p)/n + z²/4n²)) / (1 + z²/n); the last two from the literature. */
    @ParameterizedTest
    @CsvSource({
        "500, 1000, 0.469070, 0.530930",
        "0, 10, 0, 0.277533",
        "81, 263, 0.255290, 0.366214", // Newcombe, Statistics in Medicine 17 (1998), table I: 0.2553, 0.3662
        "15, 148, 0.062386, 0.160526", // 0.0624, 0.1605
    })
    void intervalIsWilsons(int correct, int images, double low, double high) {
        ConfidenceInterval interval = new Proportion(correct, images).interval();

        assertThat(interval.getLowerBound()).isCloseTo(low, within(1e-4));
        assertThat(interval.getUpperBound()).isCloseTo(high, within(1e-4));
    }

    /** Wilson's bounds are those probabilities p for which the observed share is just z standard errors off. */
    @Property(tries = 200)
    void boundsAreWhereTheScoreTestTurns(@ForAll @IntRange(min = 1, max = 25_000) int images, @ForAll int any) {
        int correct = Math.floorMod(any, images + 1);
        ConfidenceInterval interval = new Proportion(correct, images).interval();

        for (double bound : new double[] {interval.getLowerBound(), interval.getUpperBound()}) {
            double off = (double) correct / images - bound;
            assertThat(off * off * images).isCloseTo(Z * Z * bound * (1 - bound), within(1e-6));
        }
    }

    @Property(tries = 200)
    void differenceIsThatOfTheTwoProportionTest(
            @ForAll @IntRange(min = 1, max = 2_000) int images, @ForAll int any, @ForAll int other) {
        Proportion first = new Proportion(Math.floorMod(any, images + 1), images);
        Proportion second = new Proportion(Math.floorMod(other, images + 1), images);
        double pooled = (first.correct() + second.correct()) / (2.0 * images);
        double difference = (first.correct() - second.correct()) / (double) images;
        double z = Math.abs(difference) / Math.sqrt(2 * pooled * (1 - pooled) / images);

        assertThat(first.differsFrom(second)).isEqualTo(z > Z).isEqualTo(second.differsFrom(first));
    }

    @Test
    void moreImagesTellMoreApart() {
        assertThat(Proportion.of(0.70, 1_000).differsFrom(Proportion.of(0.67, 1_000)))
                .isFalse();
        assertThat(Proportion.of(0.70, 10_000).differsFrom(Proportion.of(0.67, 10_000)))
                .isTrue();
        assertThat(new Proportion(0, 5).differsFrom(new Proportion(0, 5))).isFalse();
        assertThat(new Proportion(5, 5).differsFrom(new Proportion(5, 5))).isFalse();
    }

    @Test
    void accuracyStandsForAWholeNumberOfImages() {
        assertThat(Proportion.of(0.1 + 0.2, 10)).isEqualTo(new Proportion(3, 10));
        assertThat(Proportion.of(1, 25_000)).isEqualTo(new Proportion(25_000, 25_000));
    }

    @ParameterizedTest
    @CsvSource({"-1, 5", "6, 5", "0, 0"})
    void impossibleCountsAreRefused(int correct, int images) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Proportion(correct, images))
                .withMessage(correct + " of " + images + " images cannot be correct");
    }
}
