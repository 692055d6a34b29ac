package io.efsnas.retraining;

/**
 * One pass over the training images.
 *
 * @param epoch the number of the epoch, from 1
 * @param loss the loss of the training batches with smoothed labels: the mean over the epoch or, as dl4j-spark reports
 *     it with the penalty of the weights, the mean over the last batches before the workers' results were put together
 * @param testAccuracy the test accuracy of the network after the epoch, with running statistics; it decides nothing
 * @param seconds seconds that training and evaluation took
 */
public record EpochReport(int epoch, double loss, double testAccuracy, double seconds) {}
