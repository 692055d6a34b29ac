package io.efsnas.driver.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.efsnas.job.RoundReport;
import io.efsnas.job.TaskPlace;
import io.efsnas.training.RoundMetrics;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimingsTest {

    private static RoundReport round(double training, double data, double checkpoint, double preparation) {
        RoundMetrics metrics = new RoundMetrics("0", 0, 10, 1, 0.5, 80, 10, training, data, checkpoint);
        return new RoundReport(0, 0, metrics, new TaskPlace("host", "1", "cpu"), "vector", 1, false, preparation, 1);
    }

    @Test
    void whatIsNeitherTrainingNorScoringNorBatchesIsOverhead() {
        Timings timings = new Timings(2, 10, 0, List.of(round(8, 0.5, 0.25, 1), round(7, 1, 0.5, 0.5)), List.of());

        // Two devices had 20 seconds, of which 8 + 7 went into training and 0.5 + 1 into waiting for batches.
        assertThat(timings.overheadShare()).isCloseTo(3.5 / 20, within(1e-12));
        ObjectNode json = new ObjectMapper().createObjectNode();
        timings.writeTo(json);
        assertThat(json.get("slots").intValue()).isEqualTo(2);
        assertThat(json.get("trainingWallSeconds").doubleValue()).isEqualTo(10);
        assertThat(json.get("trainingSeconds").doubleValue()).isEqualTo(15);
        assertThat(json.get("dataSeconds").doubleValue()).isEqualTo(1.5);
        assertThat(json.get("checkpointSeconds").doubleValue()).isEqualTo(0.75);
        assertThat(json.get("preparationSeconds").doubleValue()).isEqualTo(1.5);
        assertThat(json.get("overheadShare").doubleValue()).isCloseTo(0.175, within(1e-12));
    }
}
