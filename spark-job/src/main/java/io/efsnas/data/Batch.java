package io.efsnas.data;

import io.efsnas.space.Shape;

/**
 * Images ready to be computed on.
 *
 * @param images normalised pixels, {@code [image][channel][row][column]}, of {@code labels.length} images
 * @param labels the class of each image, from 0
 * @param shape of one image
 */
public record Batch(float[] images, int[] labels, Shape shape) {

    public Batch {
        if (images.length != labels.length * shape.size()) {
            throw new IllegalArgumentException(
                    images.length + " values are not " + labels.length + " images of " + shape);
        }
    }

    /** Images in the batch. */
    public int size() {
        return labels.length;
    }
}
