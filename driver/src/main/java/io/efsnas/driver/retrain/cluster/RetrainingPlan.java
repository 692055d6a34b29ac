package io.efsnas.driver.retrain.cluster;

import io.efsnas.driver.config.RetrainConfig.Mode;
import io.efsnas.job.ImageSource;
import io.efsnas.retraining.RetrainedNetworkSpec;
import io.efsnas.retraining.RetrainingSchedule;
import java.io.Serializable;
import java.time.Duration;

/**
 * What several workers train and how.
 *
 * @param network the network
 * @param schedule its epochs; the batch is that of each worker
 * @param images the images: train and validation part together train the network, and the test part judges it
 * @param team the workers
 */
public record RetrainingPlan(RetrainedNetworkSpec network, RetrainingSchedule schedule, ImageSource images, Team team)
        implements Serializable {

    /**
     * Who trains together.
     *
     * @param workers how many workers train at a time, at least 1
     * @param threads the number of threads of a worker
     * @param mode how they train together
     * @param averagingFrequency batches of each worker between two averagings, at least 1
     * @param stalledAfter the time without a gradient at the driver after which gradient sharing is given up
     */
    public record Team(int workers, int threads, Mode mode, int averagingFrequency, Duration stalledAfter)
            implements Serializable {

        public Team {
            if (workers < 1 || averagingFrequency < 1) {
                throw new IllegalArgumentException(
                        "retraining needs at least 1 worker and 1 batch between averagings, not " + workers + " and "
                                + averagingFrequency);
            }
        }
    }
}
