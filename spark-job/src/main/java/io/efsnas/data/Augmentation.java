package io.efsnas.data;

import java.io.Serializable;

/**
 * How training images are varied each time they are used.
 *
 * @param flip whether half of the images, chosen at random, are mirrored left to right
 * @param cropPadding black pixels put around an image before a window of its original size is cut out of it at random; 0
 *     for none
 */
public record Augmentation(boolean flip, int cropPadding) implements Serializable {

    /** Images as they are. */
    public static final Augmentation NONE = new Augmentation(false, 0);

    public Augmentation {
        if (cropPadding < 0) {
            throw new IllegalArgumentException("the crop padding must be 0 pixels or more, not " + cropPadding);
        }
    }
}
