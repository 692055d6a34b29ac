package io.efsnas.data;

import io.efsnas.data.format.ImageSet;
import java.util.List;

/**
 * The first images of a set in their order, unaugmented, in batches as even in size as they can be: sizes differ by at
 * most one image. Supernets score with each batch's own statistics, so a small rest at the end would be scored by
 * statistics of few images, and its images would count as much as the others. Safe for use by several threads.
 */
public final class ScoringBatches {

    private final ImageSet images;
    private final int used;
    private final Normalization normalization;
    private final Normalizer normalizer;
    private final int count;

    /**
     * @param images the images to score on
     * @param used how many of the first images are used: a random sample where the set is a part of a {@link Dataset}
     * @param normalization the normalization of the train part
     * @param largest the most images in a batch
     */
    public ScoringBatches(ImageSet images, int used, Normalization normalization, int largest) {
        if (used < 1 || used > images.size() || largest < 1) {
            throw new IllegalArgumentException("cannot make batches of " + largest + " of " + used + " of "
                    + images.size() + " images; at least 1 each is wanted");
        }
        this.images = images;
        this.used = used;
        this.normalization = normalization;
        this.normalizer = new Normalizer(images.shape(), normalization);
        this.count = (used - 1) / largest + 1;
    }

    /** How many batches there are. */
    public int count() {
        return count;
    }

    /** One of the batches, from 0. */
    public Batch batch(int index) {
        if (index < 0 || index >= count) {
            throw new IllegalArgumentException("there are batches 0 to " + (count - 1) + ", not " + index);
        }
        return new Batch(Views.plain(images, normalization, start(index), start(index + 1)), List.of(), normalizer);
    }

    private int start(int index) {
        return (int) ((long) used * index / count);
    }
}
