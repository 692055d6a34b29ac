package io.efsnas.job;

import io.efsnas.measure.Measures;
import io.efsnas.network.ModelSize;
import io.efsnas.space.SearchSpace;
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
        implements Serializable {}
