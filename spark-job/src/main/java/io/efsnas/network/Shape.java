package io.efsnas.network;

import java.io.Serializable;

/** The shape of one image or feature map, without the batch. */
public record Shape(int channels, int height, int width) implements Serializable {

    public Shape {
        if (channels < 1 || height < 1 || width < 1) {
            throw new IllegalArgumentException("a feature map needs at least 1 channel and 1x1 pixels, not " + channels
                    + "x" + height + "x" + width);
        }
    }

    /** Values in one feature map. */
    public int size() {
        return channels * height * width;
    }

    /** Pixels of one channel. */
    public int pixels() {
        return height * width;
    }

    @Override
    public String toString() {
        return channels + "x" + height + "x" + width;
    }
}
