package io.efsnas.retraining;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * One pass over the training images.
 *
 * @param epoch the number of the epoch, from 1
 * @param loss the loss of the training batches with smoothed labels: the mean over the epoch or, as dl4j-spark reports
 *     it with the penalty of the weights, the mean over the last batches before the workers' results were put together
 * @param testAccuracy the test accuracy of the network after the epoch, with running statistics; it decides nothing. Null
 *     of a finalist
 * @param validationAccuracy of a finalist, which is judged by it, the accuracy on the held-out images; else null
 * @param seconds seconds that training and evaluation took
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EpochReport(int epoch, double loss, Double testAccuracy, Double validationAccuracy, double seconds) {

    /** Of a network that the test images judge, which decides nothing. */
    public static EpochReport tested(int epoch, double loss, double accuracy, double seconds) {
        return new EpochReport(epoch, loss, accuracy, null, seconds);
    }

    /** Of a finalist. */
    public static EpochReport ofFinalist(int epoch, double loss, double accuracy, double seconds) {
        return new EpochReport(epoch, loss, null, accuracy, seconds);
    }

    /** The accuracy on the images that judge. */
    public double accuracy() {
        return validationAccuracy == null ? testAccuracy : validationAccuracy;
    }
}
