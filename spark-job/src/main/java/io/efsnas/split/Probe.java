package io.efsnas.split;

import io.efsnas.data.Batch;
import io.efsnas.supernet.Supernet;
import java.io.Serializable;
import java.util.random.RandomGenerator;

/**
 * Measures a trained supernet on executors, for a {@link Splitter} to decide by. It measures on one training batch at a time,
 * maybe on several executors at once; the means over all batches are what counts, so that the number of executors decides
 * nothing.
 */
public interface Probe extends Serializable {

    /** Whether it asks the supernet for more than {@link Supernet#score scores}, which not all engines give. */
    default boolean needsInspection() {
        return false;
    }

    /** On how many batches it measures each supernet. */
    default int batches() {
        return 1;
    }

    /**
     * What measuring a supernet on all batches costs, in training steps of one subnet: a forward and backward pass on a
     * batch is one, a forward pass alone a third. At most so many, where that depends on what is drawn.
     */
    double steps(SupernetNode node);

    /**
     * Checks before anything is trained that it will be able to measure.
     *
     * @param root the supernet that is measured first
     * @param images of a training batch
     * @throws IllegalArgumentException with the key of a setting that does not suit them, a colon and what is accepted; or
     *     why the supernet cannot be measured
     */
    default void check(SupernetNode root, int images) {}

    /**
     * Measures on one batch; the supernet's weights are not changed.
     *
     * @param trained the supernet after its last step
     * @param node which supernet it is
     * @param batch the images that it would train on next
     * @param random a generator for this supernet and batch: all random numbers of the measurement come from it
     * @return values with the same names for every batch of a supernet
     */
    Evidence measure(Supernet trained, SupernetNode node, Batch batch, RandomGenerator random);

    /**
     * What the splitter decides by, worked out on the driver.
     *
     * @param mean of what was measured on each batch
     */
    default Evidence conclude(SupernetNode node, Evidence mean) {
        return mean;
    }
}
