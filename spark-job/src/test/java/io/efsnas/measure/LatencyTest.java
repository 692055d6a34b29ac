package io.efsnas.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.efsnas.measure.MeasureContext.Machine;
import io.efsnas.measure.cost.Latency;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.retraining.RetrainingEngine;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.SearchSpaces;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.Resources;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LatencyTest {

    private static final SearchSpace SPACE = SearchSpaces.named("nas-bench-201");
    private static final ModelSize SIZE = new ModelSize(4, 1, new Shape(1, 8, 8), 10);

    /** Times decide no test; that one lies between two others is no matter of time. */
    @ParameterizedTest
    @CsvSource({"vector, 1", "libtorch, 7", "nd4j, 3"})
    void theMedianLiesBetweenTheQuartiles(String engine, int batch) {
        Measure latency = new Latency().with(Map.of("batch", batch, "runs", 9));

        double[] values = latency.of(
                SPACE.covering().get(0),
                MeasureContext.ofArchitectures(SPACE, SIZE).with(new Machine(engine, Resources.cpu(1))));

        assertThat(latency.columns()).containsExactly("latency", "latency-lower-quartile", "latency-upper-quartile");
        assertThat(values).hasSize(3);
        assertThat(values[1]).isPositive();
        assertThat(values[0]).isBetween(values[1], values[2]);
    }

    @ParameterizedTest
    @CsvSource({"vector, cpu, vector", "libtorch, 0, libtorch", "nd4j, cpu, vector", "cuda, 0, libtorch"})
    void finalNetworksRunOnTheEngineThatHasThem(String engine, String device, String expected) {
        Device where = device.equals("cpu") ? Device.CPU : Device.gpu(device);

        assertThat(RetrainingEngine.beside(engine, where).name()).isEqualTo(expected);
    }

    @Test
    void refusesABatchWithoutImages() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Latency().with(Map.of("batch", 0, "runs", 1)))
                .withMessage("batch: expected a whole number from 1 to 4096");
    }
}
