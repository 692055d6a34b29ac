package io.efsnas.retraining;

import java.io.Serializable;

/**
 * How long a final network takes to train.
 *
 * @param step seconds of a training step
 * @param steps the number of steps of an epoch
 * @param judged seconds in which a batch of the images that judge is evaluated
 * @param batches the number of these batches
 */
public record EpochTiming(double step, int steps, double judged, int batches) implements Serializable {

    /** Seconds of an epoch. */
    public double epoch() {
        return step * steps + judged * batches;
    }
}
