package io.efsnas.retraining;

import io.efsnas.data.Augmentation;
import io.efsnas.data.Batch;
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
 * @param learningRate the learning rate of each step
 * @param augmentation the augmentation of the training images
 * @param cutout the side in pixels of the square that is cut out of each of them; 0 for none
 * @param heldOut the number of images of the validation part that judge a finalist and train nothing; 0 for a network that
 *     all images train and the test images judge
 * @param seed the seed of the order of the images and of the augmentation
 */
public record RetrainingSchedule(
        int epochs, int batch, LearningRate learningRate, Augmentation augmentation, int cutout, int heldOut, long seed)
        implements Serializable {

    /**
     * A learning rate that falls along half a cosine, and first rises to it.
     *
     * @param initial where the cosine begins
     * @param last where it ends
     * @param warmUp the number of epochs during which the rate rises in equal steps from nearly 0 to the cosine
     */
    public record LearningRate(double initial, double last, int warmUp) implements Serializable {

        double rate(long step, int epochs, int stepsPerEpoch) {
            double risen = warmUp == 0 ? 1 : Math.min(1, (step + 1.0) / ((long) warmUp * stepsPerEpoch));
            return risen * new CosineSchedule(initial, last, (long) epochs * stepsPerEpoch).rate((double) step);
        }
    }

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

    /** The batch of a step, as it trains. */
    Batch batch(TrainingBatches batches, long step) {
        Batch batch = batches.batch(step);
        return cutout == 0 ? batch : Cutout.of(batch, cutout, seed, step);
    }

    /** The learning rate of a step, from 0. */
    public double rate(long step, int stepsPerEpoch) {
        return learningRate.rate(step, epochs, stepsPerEpoch);
    }

    /** The epochs before that of a step, of all. */
    double progress(long step, int stepsPerEpoch) {
        return (double) (step / stepsPerEpoch) / epochs;
    }
}
