package io.efsnas.measure;

import io.efsnas.data.Batch;
import io.efsnas.data.ScoringBatches;
import io.efsnas.network.ModelSize;
import io.efsnas.space.SearchSpace;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetState;
import java.util.List;

/**
 * What measures compute with.
 *
 * @param size the size of the final network
 * @param fresh the untrained supernet of that size, and what it is given; null where no measure needs it
 * @param trained the supernet that serves the architecture; null where no measure needs it
 */
public record MeasureContext(SearchSpace space, ModelSize size, Fresh fresh, Trained trained) {

    /** As many batches of images are there for the measures that need some. */
    public static final int IMAGE_BATCHES = 4;

    /** What measures compute with that need the architecture alone. */
    public static MeasureContext ofArchitectures(SearchSpace space, ModelSize size) {
        return new MeasureContext(space, size, null, null);
    }

    /** The same with an untrained supernet. */
    public MeasureContext with(Fresh untrained) {
        return new MeasureContext(space, size, untrained, trained);
    }

    /** The same with a trained supernet. */
    public MeasureContext with(Trained served) {
        return new MeasureContext(space, size, fresh, served);
    }

    /**
     * A supernet at the end of its training.
     *
     * @param supernet the supernet that serves the measured architectures
     * @param images the images that score, none of which it was trained on
     */
    public record Trained(Supernet supernet, ScoringBatches images) {}

    /**
     * An untrained supernet, and what it is given.
     *
     * @param supernet a supernet whose weights are drawn from a normal distribution of variance 2 / fan-in (He, Zhang,
     *     Ren, Sun, ICCV 2015)
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
