package io.efsnas.job;

import io.efsnas.measure.Measures;
import io.efsnas.network.ModelSize;
import io.efsnas.space.SearchSpace;
import java.io.Serializable;

/**
 * What tasks need to know that measure architectures without the search's supernets.
 *
 * @param size the size of the untrained networks
 * @param engine what computes them
 * @param images null where no measure needs some
 * @param batch images, or images of noise, that go through them at a time
 * @param trial how measures train networks
 * @param seed the seed of their weights, the noise, the random gradients and the order of the images
 */
public record MeasuringJob(
        SearchSpace space,
        ModelSize size,
        Measures measures,
        EngineSetup engine,
        MeasuringImages images,
        int batch,
        TrialSpec trial,
        long seed)
        implements Serializable {}
