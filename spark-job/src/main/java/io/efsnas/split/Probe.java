package io.efsnas.split;

import io.efsnas.data.TrainingBatches;
import io.efsnas.supernet.Supernet;
import java.io.Serializable;
import java.util.random.RandomGenerator;

/** Measures a trained supernet on the executor that runs it, for a {@link Splitter} to decide by. */
public interface Probe extends Serializable {

    /** Whether it asks the supernet for gradients, which not all engines give. */
    default boolean needsGradients() {
        return false;
    }

    /**
     * Measures; the supernet's weights are not changed.
     *
     * @param trained the supernet after its last step
     * @param node which supernet it is
     * @param images the images of the train part; batches are those after {@link SupernetNode#lastStep}
     * @param random a generator for this supernet: all random numbers of the measurement come from it
     */
    Evidence measure(Supernet trained, SupernetNode node, TrainingBatches images, RandomGenerator random);
}
