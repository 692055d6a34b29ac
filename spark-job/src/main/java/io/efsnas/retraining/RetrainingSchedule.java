package io.efsnas.retraining;

import io.efsnas.data.Augmentation;
import io.efsnas.data.Dataset;
import io.efsnas.data.ScoringBatches;
import io.efsnas.data.TrainingBatches;
import io.efsnas.data.format.ImageSet;
import io.efsnas.training.CosineSchedule;
import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The epochs of a retraining.
 *
 * @param epochs the number of passes over the training images, at least 1
 * @param batch images of a step
 * @param initialLearningRate the learning rate of the first step
 * @param finalLearningRate the learning rate that the last step approaches along a cosine
 * @param augmentation the augmentation of the training images
 * @param heldOut the number of images of the validation part that judge a finalist and train nothing; 0 for a network that
 *     all images train and the test images judge
 * @param seed the seed of the order of the images and of the augmentation
 */
public record RetrainingSchedule(
        int epochs,
        int batch,
        double initialLearningRate,
        double finalLearningRate,
        Augmentation augmentation,
        int heldOut,
        long seed)
        implements Serializable {

    /** Tells the random numbers of final networks from those of supernets, whose keys are at least -1. */
    public static final long FINAL_NETWORK = -2;

    /** The images that train, of the train and the validation part together. */
    public ImageSet trainingImages(Dataset dataset) {
        return heldOut == 0
                ? dataset.trainAndValidation()
                : ImageSet.concatenated(
                        dataset.shape(),
                        List.of(
                                dataset.train(),
                                ofValidation(
                                        dataset, heldOut, dataset.validation().size())));
    }

    private static ImageSet ofValidation(Dataset dataset, int from, int to) {
        ImageSet validation = dataset.validation();
        return validation.select(IntStream.range(0, validation.size()).toArray(), from, to);
    }

    /** The batches that train. */
    public TrainingBatches training(Dataset dataset) {
        return new TrainingBatches(
                trainingImages(dataset), dataset.normalization(), batch, augmentation, seed, FINAL_NETWORK);
    }

    /** The batches that judge after each epoch. */
    public ScoringBatches judging(Dataset dataset) {
        return heldOut == 0 ? test(dataset) : batches(ofValidation(dataset, 0, heldOut), dataset);
    }

    /** The batches that test. */
    public ScoringBatches test(Dataset dataset) {
        return batches(dataset.test(), dataset);
    }

    private ScoringBatches batches(ImageSet images, Dataset dataset) {
        return new ScoringBatches(images, images.size(), dataset.normalization(), batch);
    }

    /** The learning rate by the number of steps taken. */
    public CosineSchedule learningRate(int batchesPerEpoch) {
        return new CosineSchedule(initialLearningRate, finalLearningRate, (long) epochs * batchesPerEpoch);
    }
}
