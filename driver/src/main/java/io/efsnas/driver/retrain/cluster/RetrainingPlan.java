package io.efsnas.driver.retrain.cluster;

import io.efsnas.data.Augmentation;
import io.efsnas.driver.config.RetrainConfig.Mode;
import io.efsnas.job.ImageSource;
import io.efsnas.network.ModelSize;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.training.CosineSchedule;
import java.io.Serializable;
import java.time.Duration;

/**
 * What is trained and how.
 *
 * @param size the size of the network
 * @param images the images: train and validation part together train the network, and the test part judges it
 * @param epochs the number of passes over the training images, at least 1
 * @param batch images in a worker's batch
 * @param initialLearningRate the learning rate of the first step
 * @param finalLearningRate the learning rate that the last step approaches along a cosine
 * @param momentum Nesterov momentum
 * @param weightDecay the weight decay of convolutions and the classifier
 * @param labelSmoothing the probability that is spread evenly over all classes, 0 to below 1
 * @param mode how workers train together
 * @param averagingFrequency batches of each worker between two averagings
 * @param workers how many workers train at a time
 * @param threads the number of threads of a worker
 * @param seed the seed of the weights, the order of the images and the augmentation
 * @param stalledAfter the time without a gradient at the driver after which gradient sharing is given up
 */
public record RetrainingPlan(
        SearchSpace space,
        Architecture architecture,
        ModelSize size,
        ImageSource images,
        Augmentation augmentation,
        int epochs,
        int batch,
        double initialLearningRate,
        double finalLearningRate,
        double momentum,
        double weightDecay,
        double labelSmoothing,
        Mode mode,
        int averagingFrequency,
        int workers,
        int threads,
        long seed,
        Duration stalledAfter)
        implements Serializable {

    public RetrainingPlan {
        if (epochs < 1 || batch < 2 || averagingFrequency < 1 || workers < 1) {
            throw new IllegalArgumentException("retraining needs at least 1 epoch, 2 images in a batch, 1 batch between"
                    + " averagings and 1 worker, not " + epochs + ", " + batch + ", " + averagingFrequency + " and "
                    + workers);
        }
    }

    /** The learning rate by the number of batches that all workers have trained on. */
    public CosineSchedule learningRate(int batchesPerEpoch) {
        return new CosineSchedule(initialLearningRate, finalLearningRate, (long) epochs * batchesPerEpoch);
    }
}
