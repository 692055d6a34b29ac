package io.efsnas.job;

import io.efsnas.data.Augmentation;
import io.efsnas.data.Batch;
import io.efsnas.data.Dataset;
import io.efsnas.data.TrainingBatches;
import java.io.Serializable;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The images that untrained networks are given.
 *
 * @param source the images, of which the train part is used
 * @param augmentation the augmentation of every image, as in training
 */
public record MeasuringImages(ImageSource source, Augmentation augmentation) implements Serializable {

    /** Tells their order from that of all networks that are trained, whose keys are at least -2. */
    private static final long KEY = -3;

    List<Batch> batches(int count, int size, long seed) {
        Dataset dataset = source.dataset();
        TrainingBatches batches =
                new TrainingBatches(dataset.train(), dataset.normalization(), size, augmentation, seed, KEY);
        return LongStream.range(0, count).mapToObj(batches::batch).toList();
    }
}
