package io.efsnas.measure;

import io.efsnas.data.Batch;
import io.efsnas.network.ModelSize;
import io.efsnas.space.SearchSpace;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetState;
import java.util.List;

/**
 * What measures compute with.
 *
 * @param size of the final network
 * @param fresh the untrained supernet of that size, and what it is given; null where no measure needs it
 */
public record MeasureContext(SearchSpace space, ModelSize size, Fresh fresh) {

    /** As many batches of images are there for the measures that need some. */
    public static final int IMAGE_BATCHES = 4;

    /**
     * An untrained supernet, and what it is given.
     *
     * @param supernet with weights from a normal distribution of variance 2 / fan-in (He, Zhang, Ren, Sun, ICCV 2015)
     * @param weights those of the supernet
     * @param noise a batch of independent values from N(0, 1), with random labels
     * @param images {@link #IMAGE_BATCHES} batches of different images as they would train; none where no measure needs them
     */
    public record Fresh(Supernet supernet, SupernetState weights, Batch noise, List<Batch> images) {

        public Fresh {
            images = List.copyOf(images);
        }
    }
}
