package io.efsnas.split.dimension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LocalDimensionTest {

    private static final int NEIGHBOURS = 20;

    /** -20 / Σ ln(i / 20) = 20 / (20 ln 20 - ln 20!). */
    @Test
    void evenlySpacedPointsOnALine() {
        double[] distances =
                IntStream.rangeClosed(1, NEIGHBOURS).mapToDouble(i -> i / 20.0).toArray();

        assertThat(LocalDimension.of(distances))
                .isCloseTo(20 / (20 * Math.log(20) - Math.log(2432902008176640000.0)), within(1e-12))
                .isCloseTo(1.14, within(0.005));
    }

    /**
     * Around the centre of a ball of n dimensions, each ratio but the last is that of uniform points: the sum of the logs has
     * the distribution Gamma(k - 1, n), so that the estimate has the mean n k / (k - 2).
     */
    @Test
    void uniformPointsHaveAboutTheDimensionOfTheirSpace() {
        Random random = new Random(1);
        for (int dimension : new int[] {1, 2, 5}) {
            double[][] distances = IntStream.range(0, 20_000)
                    .mapToObj(point -> nearest(random, dimension))
                    .toArray(double[][]::new);

            assertThat(LocalDimension.mean(distances)).isCloseTo(dimension * 20 / 18.0, within(0.02 * dimension));
        }
    }

    /** Of 40 uniform points in a ball around the one that is asked about. */
    private static double[] nearest(Random random, int dimension) {
        return random.doubles(2 * NEIGHBOURS)
                .map(volume -> Math.pow(volume, 1.0 / dimension))
                .sorted()
                .limit(NEIGHBOURS)
                .toArray();
    }

    @Property(tries = 100)
    void theUnitOfDistancesDoesNotMatter(@ForAll long seed) {
        double[] distances = nearest(new Random(seed), 3);
        double[] others =
                Arrays.stream(distances).map(distance -> 1000 * distance).toArray();

        assertThat(LocalDimension.of(others)).isCloseTo(LocalDimension.of(distances), within(1e-9));
    }

    @Test
    void neighboursThatCoincideOrAreEquallyFarAreClamped() {
        assertThat(LocalDimension.of(new double[] {0, 0, 0})).isEqualTo(0);
        assertThat(LocalDimension.of(new double[] {0, 1})).isCloseTo(2 / (6 * Math.log(10)), within(1e-12));
        assertThat(LocalDimension.of(new double[] {0.5, 0.5, 0.5})).isEqualTo(1000);
        assertThat(LocalDimension.of(new double[] {1, 1 + 1e-12})).isEqualTo(1000);
        assertThat(LocalDimension.of(new double[] {1, Double.NaN})).isNaN();
        assertThat(LocalDimension.of(new double[] {1, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY}))
                .isNaN();
    }
}
