package io.efsnas.driver.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CorrelationTest {

    @Property(tries = 300)
    void agreesWithTheDefinitions(@ForAll("pairs") List<double[]> pairs) {
        double[] x = pairs.stream().mapToDouble(pair -> pair[0]).toArray();
        double[] y = pairs.stream().mapToDouble(pair -> pair[1]).toArray();

        Correlation correlation = Correlation.of(x, y);

        assertSame(correlation.kendallTau(), tauB(x, y));
        assertSame(correlation.spearmanRho(), pearson(ranks(x), ranks(y)));
    }

    /** Few values, so that ties within and between the two are common. */
    @Provide
    Arbitrary<List<double[]>> pairs() {
        Arbitrary<Double> values = Arbitraries.integers().between(0, 12).map(i -> i / 8.0);
        return values.array(double[].class).ofSize(2).list().ofMinSize(2).ofMaxSize(40);
    }

    private static void assertSame(double actual, double expected) {
        if (Double.isNaN(expected)) {
            assertThat(actual).isNaN();
        } else {
            assertThat(actual).isCloseTo(expected, within(1e-12));
        }
    }

    private static double tauB(double[] x, double[] y) {
        long concordance = 0;
        long differentInX = 0;
        long differentInY = 0;
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < i; j++) {
                int inX = Double.compare(x[i], x[j]);
                int inY = Double.compare(y[i], y[j]);
                concordance += (long) inX * inY;
                differentInX += Math.abs(inX);
                differentInY += Math.abs(inY);
            }
        }
        return concordance / Math.sqrt((double) differentInX * differentInY);
    }

    /** One more than how many are lower, tied ones in the middle of theirs. */
    private static double[] ranks(double[] values) {
        double[] ranks = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            ranks[i] = 0.5;
            for (double other : values) {
                ranks[i] += other < values[i] ? 1 : other == values[i] ? 0.5 : 0;
            }
        }
        return ranks;
    }

    private static double pearson(double[] x, double[] y) {
        double mean = (x.length + 1) / 2.0;
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (int i = 0; i < x.length; i++) {
            xy += (x[i] - mean) * (y[i] - mean);
            xx += (x[i] - mean) * (x[i] - mean);
            yy += (y[i] - mean) * (y[i] - mean);
        }
        return xy / Math.sqrt(xx * yy);
    }

    @Test
    void sameOrderIsOneAndReversedMinusOne() {
        double[] x = {0.1, 0.2, 0.3, 0.4};

        assertThat(Correlation.of(x, new double[] {10, 20, 80, 90})).isEqualTo(new Correlation(4, 1, 1));
        assertThat(Correlation.of(x, new double[] {9, 8, 7, 1})).isEqualTo(new Correlation(4, -1, -1));
    }

    @Test
    void isUndefinedForLessThanTwoAndForOneValueOnly() {
        assertThat(Correlation.of(new double[] {}, new double[] {})).isEqualTo(undefined(0));
        assertThat(Correlation.of(new double[] {1}, new double[] {2})).isEqualTo(undefined(1));
        assertThat(Correlation.of(new double[] {1, 1, 1}, new double[] {1, 2, 3}))
                .isEqualTo(undefined(3));
    }

    private static Correlation undefined(int architectures) {
        return new Correlation(architectures, Double.NaN, Double.NaN);
    }
}
