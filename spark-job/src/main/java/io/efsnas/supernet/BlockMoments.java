package io.efsnas.supernet;

import java.util.Optional;

/**
 * What one block of a network gives on a batch, as sums over all pixels of all images.
 *
 * @param positions how many pixels of how many images, multiplied
 * @param sums the sum of each channel of the output
 * @param products {@code [channel][channel]} of the output's channels with each other, in row-major order
 * @param back how a gradient passes back through the block; empty for the first block, which has only the image before it
 */
public record BlockMoments(long positions, float[] sums, float[] products, Optional<Back> back) {

    /**
     * The products of a random gradient of ±1 of a block's output with what it becomes at the block's input. Where the
     * input has twice as many rows and columns, each of the four pixels that one pixel of the output stands for counts as a
     * channel of its own.
     *
     * @param rows channels of the output
     * @param columns channels of the input
     * @param products in row-major order
     * @param identity whether the block computes nothing, so that the gradient passes unchanged
     */
    public record Back(int rows, int columns, float[] products, boolean identity) {}

    public int channels() {
        return sums.length;
    }
}
