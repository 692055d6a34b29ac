package io.efsnas.driver.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.job.RoundReport;
import io.efsnas.job.TaskPlace;
import io.efsnas.training.RoundMetrics;
import java.util.List;
import org.assertj.core.util.DoubleComparator;
import org.junit.jupiter.api.Test;

class TimingsTest {

    private static RoundReport round(double training, double data, double checkpoint, double preparation) {
        RoundMetrics metrics = new RoundMetrics("0", 0, 10, 1, 0.5, 80, 10, training, data, checkpoint, 0);
        return new RoundReport(
                0, 0, metrics, new TaskPlace("host", "1", "cpu"), "vector", 1, false, preparation, 1, List.of());
    }

    @Test
    void whatIsNeitherTrainingNorScoringNorBatchesIsOverhead() {
        Timings timings = Timings.of(2, 10, 0, List.of(round(8, 0.5, 0.25, 1), round(7, 1, 0.5, 0.5)), List.of());

        // Two devices had 20 seconds, of which 8 + 7 went into training and 0.5 + 1 into waiting for batches.
        assertThat(timings.overheadShare()).isCloseTo(3.5 / 20, within(1e-12));
        assertThat(timings)
                .usingRecursiveComparison()
                .withComparatorForType(new DoubleComparator(1e-12), Double.class)
                .isEqualTo(new Timings(2, 10, 0, 15, 0, 1.5, 0.75, 1.5, 0, 0.175));
    }
}
