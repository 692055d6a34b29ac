package io.efsnas.network;

import java.io.Serializable;

/**
 * How large the network of an architecture is built; the architecture itself does not change with it.
 *
 * @param channels the number of channels of the first layer or stage; others have multiples of it
 * @param cells the number of cells in each stage, or of the whole network where a space has no stages; 1 for spaces that stack
 *     none
 * @param image channels and resolution of the images
 * @param classes the number of classes to tell apart
 * @param affine whether batch norms of a supernet learn a scale and a shift of each channel, as those of final networks do
 */
public record ModelSize(int channels, int cells, Shape image, int classes, boolean affine) implements Serializable {

    public ModelSize {
        if (channels < 1 || cells < 1 || classes < 2) {
            throw new IllegalArgumentException("a network needs at least 1 channel, 1 cell and 2 classes, not "
                    + channels + ", " + cells + " and " + classes);
        }
    }

    /** One of final networks, or of supernets whose batch norms learn nothing. */
    public ModelSize(int channels, int cells, Shape image, int classes) {
        this(channels, cells, image, classes, false);
    }

    public ModelSize withChannels(int other) {
        return new ModelSize(other, cells, image, classes, affine);
    }
}
