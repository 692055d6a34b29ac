package io.efsnas.measure;

import io.efsnas.data.Batch;
import io.efsnas.network.ModelSize;
import io.efsnas.space.SearchSpace;
import io.efsnas.supernet.Supernet;

/**
 * What measures compute with.
 *
 * @param size of the final network
 * @param fresh the untrained supernet of that size, and what it is given; null where no measure needs it
 */
public record MeasureContext(SearchSpace space, ModelSize size, Fresh fresh) {

    /**
     * @param supernet with weights from a normal distribution of variance 2 / fan-in (He, Zhang, Ren, Sun, ICCV 2015)
     * @param noise a batch of independent values from N(0, 1)
     */
    public record Fresh(Supernet supernet, Batch noise) {}
}
