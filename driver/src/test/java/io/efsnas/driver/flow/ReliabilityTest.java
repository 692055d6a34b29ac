package io.efsnas.driver.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.driver.statistics.Correlation;
import io.efsnas.driver.statistics.SubspaceCorrelation;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.junit.jupiter.api.Test;

class ReliabilityTest {

    private static final SubspaceCorrelation PRIOR = agreement(0.5);

    @Test
    void noiseOfImagesAndOfTrainingAddUp() {
        // Halves that agree by 0.6 make a whole of 2 * 0.6 / 1.6 = 0.75.
        assertThat(new Reliability(9, agreement(0.6), Optional.empty(), PRIOR).ofAccuracy())
                .isCloseTo(0.75, within(1e-12));
        assertThat(new Reliability(9, agreement(0.6), Optional.of(agreement(0.9)), PRIOR).ofAccuracy())
                .isCloseTo(0.65, within(1e-12));
        assertThat(new Reliability(9, agreement(1), Optional.of(agreement(1)), PRIOR).ofAccuracy())
                .isEqualTo(1);
    }

    @Test
    void isNeverBelowZeroAndUnknownWithoutHalves() {
        assertThat(new Reliability(9, agreement(-1), Optional.empty(), PRIOR).ofAccuracy())
                .isZero();
        assertThat(new Reliability(9, agreement(0.2), Optional.of(agreement(0.1)), PRIOR).ofAccuracy())
                .isZero();
        assertThat(new Reliability(9, agreement(Double.NaN), Optional.empty(), PRIOR).ofAccuracy())
                .isNaN();
    }

    /** Simulated: the squared correlation of a noisy whole with what was measured, against the halves' agreement. */
    @Test
    void halvesTellTheReliabilityOfTheWhole() {
        Random random = new Random(1);
        int samples = 200_000;
        double[] truth = random.doubles(samples, -1, 1).toArray();
        double[] first = IntStream.range(0, samples)
                .mapToDouble(i -> truth[i] + random.nextGaussian())
                .toArray();
        double[] second = IntStream.range(0, samples)
                .mapToDouble(i -> truth[i] + random.nextGaussian())
                .toArray();
        double[] whole = IntStream.range(0, samples)
                .mapToDouble(i -> first[i] + second[i])
                .toArray();
        PearsonsCorrelation pearson = new PearsonsCorrelation();

        assertThat(new Reliability(9, agreement(pearson.correlation(first, second)), Optional.empty(), PRIOR)
                        .ofAccuracy())
                .isCloseTo(Math.pow(pearson.correlation(whole, truth), 2), within(0.01));
    }

    /** One subspace in which two measurements agree so much. */
    private static SubspaceCorrelation agreement(double rho) {
        Correlation correlation = new Correlation(10, rho, rho);
        return new SubspaceCorrelation(correlation, new TreeMap<>(Map.of("0", correlation)));
    }
}
