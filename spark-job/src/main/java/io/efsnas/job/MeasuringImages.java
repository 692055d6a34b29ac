package io.efsnas.job;

import io.efsnas.data.Augmentation;
import io.efsnas.data.Batch;
import io.efsnas.data.Dataset;
import io.efsnas.data.TrainingBatches;
import java.io.Serializable;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The images that measures are given.
 *
 * @param source the images, of which the train part is used, and to score the validation part
 * @param augmentation the augmentation of every image, as in training
 */
public record MeasuringImages(ImageSource source, Augmentation augmentation) implements Serializable {

    /** Tells the random numbers of what measures train from those of others. */
    static final long TRIAL = -4;

    /** Tells them from those that recalibrate. */
    private static final long RECALIBRATION = -5;

    /** Tells the order of images from that of all networks that a search trains, whose keys are at least -2. */
    private static final long KEY = -3;

    /** Batches of different images, as they would train. */
    List<Batch> batches(int count, int size, long seed) {
        TrainingBatches batches = batches(size, seed, KEY);
        return LongStream.range(0, count).mapToObj(batches::batch).toList();
    }

    /** The batches that train what measures train. */
    TrainingBatches trialBatches(int size, long seed) {
        return batches(size, seed, TRIAL);
    }

    /** The batches on which statistics of batch norms are taken, the same for all supernets of a search. */
    TrainingBatches recalibratingBatches(int size, long seed) {
        return batches(size, seed, RECALIBRATION);
    }

    private TrainingBatches batches(int size, long seed, long key) {
        Dataset dataset = source.dataset();
        return new TrainingBatches(dataset.train(), dataset.normalization(), size, augmentation, seed, key);
    }
}
