package io.efsnas.data;

import java.io.Serializable;

/**
 * How training images are varied each time they are used.
 *
 * @param flip whether half of the images, chosen at random, are mirrored left to right
 * @param cropPadding black pixels put around an image before a window of its original size is cut out of it at random; 0
 *     for none
 * @param smallestCrop the smallest share of an image's area that a window has which is cut out of it at random and scaled
 *     to the size of the image, above 0; 1 for whole images
 * @param colorJitter how far brightness, contrast and saturation are each multiplied away from 1 at random, 0 to below 1; 0
 *     for none
 */
public record Augmentation(boolean flip, int cropPadding, double smallestCrop, double colorJitter)
        implements Serializable {

    /** Images as they are. */
    public static final Augmentation NONE = new Augmentation(false, 0);

    public Augmentation {
        if (cropPadding < 0) {
            throw new IllegalArgumentException("the crop padding must be 0 pixels or more, not " + cropPadding);
        }
        if (!(smallestCrop > 0 && smallestCrop <= 1) || !(colorJitter >= 0 && colorJitter < 1)) {
            throw new IllegalArgumentException(
                    "a crop must be above 0 and at most 1, and a jitter at least 0 and below 1," + " not "
                            + smallestCrop + " and " + colorJitter);
        }
    }

    /** Images that are mirrored and shifted only. */
    public Augmentation(boolean flip, int cropPadding) {
        this(flip, cropPadding, 1, 0);
    }

    /** Whether it makes pixels that the image does not have. */
    boolean distorts() {
        return smallestCrop < 1 || colorJitter > 0;
    }

    /** Without what is off, since files of earlier versions, which it is compared with, did not have it. */
    @Override
    public String toString() {
        return "Augmentation[flip=" + flip + ", cropPadding=" + cropPadding
                + (distorts() ? ", smallestCrop=" + smallestCrop + ", colorJitter=" + colorJitter : "") + "]";
    }
}
