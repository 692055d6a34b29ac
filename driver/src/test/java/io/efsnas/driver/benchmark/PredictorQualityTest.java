package io.efsnas.driver.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.driver.statistics.Correlation;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PredictorQualityTest {

    @Test
    void topIsByTrueAccuracyAndRoundedUp() {
        // 0 to 1099; of the 11 best, predictions are reversed, of all others right.
        double[] actual = IntStream.range(0, 1_100).mapToDouble(i -> i / 11.0).toArray();
        double[] predicted =
                IntStream.range(0, 1_100).mapToDouble(i -> i < 1_089 ? i : -i).toArray();

        PredictorQuality quality = PredictorQuality.of("any", List.of(), predicted, actual);

        assertThat(quality.top().hundredth()).isEqualTo(new Correlation(11, -1, -1));
        assertThat(quality.top().tenth().architectures()).isEqualTo(110);
        assertThat(quality.top().half().architectures()).isEqualTo(550);
        assertThat(PredictorQuality.of(
                                "any",
                                List.of(),
                                new double[101],
                                IntStream.range(0, 101).mapToDouble(i -> i).toArray())
                        .top()
                        .hundredth()
                        .architectures())
                .isEqualTo(2);
    }

    /** Against sorting by the truth and taking the first so many and those equal to the last of them. */
    @Property(tries = 200)
    void topHasTheTrulyBest(@ForAll @Size(min = 1, max = 60) List<@IntRange(min = 0, max = 30) Integer> truths) {
        double[] actual = truths.stream().mapToDouble(Integer::doubleValue).toArray();
        double[] predicted =
                IntStream.range(0, actual.length).mapToDouble(i -> (i * 7) % 11).toArray();
        List<Integer> best = IntStream.range(0, actual.length)
                .boxed()
                .sorted(Comparator.comparing(truths::get, Collections.reverseOrder()))
                .toList();
        int last = (int) Math.ceil(actual.length / 10.0) - 1;
        List<Integer> top = best.stream()
                .filter(i -> truths.get(i) >= truths.get(best.get(last)))
                .sorted()
                .toList();

        assertThat(PredictorQuality.of("any", List.of(), predicted, actual)
                        .top()
                        .tenth())
                .isEqualTo(Correlation.of(
                        top.stream().mapToDouble(i -> predicted[i]).toArray(),
                        top.stream().mapToDouble(i -> actual[i]).toArray()));
    }

    /** 93.04 and 93.01 are the same 93.0, so the one pair that is predicted in the wrong order is no pair. */
    @Test
    void sparseTauRoundsTheTruth() {
        PredictorQuality quality =
                PredictorQuality.of("any", List.of(), new double[] {1, 2, 3}, new double[] {93.04, 93.01, 93.2});

        assertThat(quality.all().overall().kendallTau()).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(quality.sparseTau()).isCloseTo(2 / Math.sqrt(3 * 2), within(1e-12));
    }

    @Test
    void theFirstAndTheBestOfTenAreJudged() {
        double[] predicted = IntStream.range(0, 20).mapToDouble(i -> -i).toArray();
        double[] actual = IntStream.range(0, 20)
                .mapToDouble(i -> i < 10 ? 60 + i : 50 + 2 * i)
                .toArray();

        PredictorQuality quality = PredictorQuality.of("any", List.of(), predicted, actual);

        // The truth is 60 to 69 of the ten first and 70 to 88 of the others.
        assertThat(quality.first()).isEqualTo(new Choice(60, 28, 5));
        assertThat(quality.bestOfTen()).isEqualTo(new Choice(69, 19, 50));
    }

    @Test
    void firstsThatAreTiedCountByTheirMean() {
        PredictorQuality quality =
                PredictorQuality.of("any", List.of(), new double[] {3, 3, 1, 3}, new double[] {80, 90, 94, 88});

        assertThat(quality.first().accuracy()).isCloseTo(86, within(1e-12));
        assertThat(quality.first().regret()).isCloseTo(8, within(1e-12));
    }

    @Test
    void constantPredictionsHaveNoTau() {
        PredictorQuality quality =
                PredictorQuality.of("any", List.of(), new double[] {1, 1, 1}, new double[] {80, 90, 94});

        assertThat(quality.all().overall().constant()).isTrue();
        assertThat(quality.interval()).isEmpty();
        assertThat(quality.sparseTau()).isNaN();
        assertThat(quality.toRecord().sparseKendallTau()).isNull();
        assertThat(quality.toRecord().overall().constant()).isTrue();
    }
}
