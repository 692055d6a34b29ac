package io.efsnas.retraining;

import io.efsnas.data.Augmentation;
import io.efsnas.data.Dataset;
import io.efsnas.data.ScoringBatches;
import io.efsnas.data.TrainingBatches;
import io.efsnas.training.CosineSchedule;
import java.io.Serializable;

/**
 * The epochs of a retraining.
 *
 * @param epochs the number of passes over the training images, at least 1
 * @param batch images of a step
 * @param initialLearningRate the learning rate of the first step
 * @param finalLearningRate the learning rate that the last step approaches along a cosine
 * @param augmentation the augmentation of the training images
 * @param seed the seed of the order of the images and of the augmentation
 */
public record RetrainingSchedule(
        int epochs,
        int batch,
        double initialLearningRate,
        double finalLearningRate,
        Augmentation augmentation,
        long seed)
        implements Serializable {

    /** Tells the random numbers of final networks from those of supernets, whose keys are at least -1. */
    public static final long FINAL_NETWORK = -2;

    /** The batches that train, of the train and the validation part together. */
    public TrainingBatches training(Dataset dataset) {
        return new TrainingBatches(
                dataset.trainAndValidation(), dataset.normalization(), batch, augmentation, seed, FINAL_NETWORK);
    }

    /** The batches that test. */
    public ScoringBatches test(Dataset dataset) {
        return new ScoringBatches(dataset.test(), dataset.test().size(), dataset.normalization(), batch);
    }

    /** The learning rate by the number of steps taken. */
    public CosineSchedule learningRate(int batchesPerEpoch) {
        return new CosineSchedule(initialLearningRate, finalLearningRate, (long) epochs * batchesPerEpoch);
    }
}
