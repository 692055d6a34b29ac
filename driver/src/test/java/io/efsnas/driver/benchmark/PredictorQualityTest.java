package io.efsnas.driver.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

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

        assertThat(quality.top1()).isEqualTo(new Correlation(11, -1, -1));
        assertThat(quality.top10().architectures()).isEqualTo(110);
        assertThat(PredictorQuality.of(
                                "any",
                                List.of(),
                                new double[101],
                                IntStream.range(0, 101).mapToDouble(i -> i).toArray())
                        .top1()
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

        assertThat(PredictorQuality.of("any", List.of(), predicted, actual).top10())
                .isEqualTo(Correlation.of(
                        top.stream().mapToDouble(i -> predicted[i]).toArray(),
                        top.stream().mapToDouble(i -> actual[i]).toArray()));
    }

    @Test
    void regretIsWhatTheBestHasMoreThanTheFirst() {
        PredictorQuality quality =
                PredictorQuality.of("any", List.of(), new double[] {3, 1, 2}, new double[] {80, 90, 94});

        assertThat(quality.accuracyOfFirst()).isEqualTo(80);
        assertThat(quality.regret()).isEqualTo(14);
    }

    @Test
    void firstsThatAreTiedCountByTheirMean() {
        PredictorQuality quality =
                PredictorQuality.of("any", List.of(), new double[] {3, 3, 1, 3}, new double[] {80, 90, 94, 88});

        assertThat(quality.accuracyOfFirst()).isEqualTo(86);
        assertThat(quality.regret()).isEqualTo(8);
    }
}
