package io.efsnas.job;

import io.efsnas.measure.Measures;
import io.efsnas.network.ModelSize;
import io.efsnas.space.SearchSpace;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.Precision;
import io.efsnas.supernet.Resources;
import java.io.Serializable;

/**
 * What tasks need to know that measure architectures without training.
 *
 * @param size of the networks, which are untrained
 * @param engine what computes them
 * @param batch images of noise that go through them
 * @param seed of their weights, the noise and the random gradients
 */
public record MeasuringJob(
        SearchSpace space, ModelSize size, Measures measures, EngineSetup engine, int batch, long seed)
        implements Serializable {

    /**
     * An engine, and what a task of it has.
     *
     * @param threads on a CPU
     */
    public record EngineSetup(String name, int threads) implements Serializable {
        Resources resources(Device device) {
            return new Resources(threads, device, 1, Precision.FLOAT32);
        }
    }
}
