package io.efsnas.retraining;

/**
 * One pass over the training images.
 *
 * @param epoch from 1
 * @param loss of the training batches, with smoothed labels: the mean over the epoch, or as dl4j-spark reports it, with
 *     the penalty of the weights, the mean over the last batches before the workers' results were put together
 * @param testAccuracy of the network after the epoch, with running statistics; nothing is decided by it
 * @param seconds that training and evaluation took
 */
public record EpochReport(int epoch, double loss, double testAccuracy, double seconds) {}
