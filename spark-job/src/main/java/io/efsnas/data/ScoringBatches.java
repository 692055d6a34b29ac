package io.efsnas.data;

import io.efsnas.space.Shape;

/**
 * All images of a set in their order, unaugmented, in batches as even in size as they can be: sizes differ by at most one
 * image. Supernets score with each batch's own statistics, so a small rest at the end would be scored by statistics of
 * few images, and its images would count as much as the others. Safe for use by several threads.
 */
public final class ScoringBatches {

    private final ImageSet images;
    private final Normalizer normalizer;
    private final int count;

    /**
     * @param images to score on; {@link ImageSet#first} takes fewer of them
     * @param normalization of the train part
     * @param largest images in a batch at most
     */
    public ScoringBatches(ImageSet images, Normalization normalization, int largest) {
        if (images.size() == 0 || largest < 1) {
            throw new IllegalArgumentException("cannot make batches of " + largest + " of " + images.size()
                    + " images; at least 1 each is wanted");
        }
        this.images = images;
        this.normalizer = new Normalizer(images.shape(), normalization);
        this.count = (images.size() - 1) / largest + 1;
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
        Shape shape = images.shape();
        int start = start(index);
        int size = start(index + 1) - start;
        float[] values = new float[size * shape.size()];
        int[] labels = new int[size];
        for (int i = 0; i < size; i++) {
            normalizer.write(images.pixels(start + i), values, i * shape.size());
            labels[i] = images.label(start + i);
        }
        return new Batch(values, labels, shape);
    }

    private int start(int index) {
        return (int) ((long) images.size() * index / count);
    }
}
