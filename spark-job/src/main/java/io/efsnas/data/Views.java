package io.efsnas.data;

import io.efsnas.data.format.ImageSet;
import io.efsnas.network.Shape;
import java.util.List;

/**
 * Images of a set as a batch shows them: which ones, mirrored or not, and shifted by whole pixels, before they are
 * normalised. What a shift uncovers is black. The arrays have one entry for each image of the batch, and may not be
 * changed.
 *
 * @param set the set that the images are from
 * @param normalization the normalization of their pixels
 * @param positions the positions of the images in the set
 * @param mirrored whether each is mirrored left to right, before it is shifted
 * @param up pixels that each is shifted up, negative for down
 * @param left pixels that each is shifted to the left, negative for to the right
 * @param furthest the most pixels that any image of any batch is shifted
 */
public record Views(
        ImageSet set,
        Normalization normalization,
        int[] positions,
        boolean[] mirrored,
        int[] up,
        int[] left,
        int furthest) {

    /** Consecutive images as they are. */
    static Views plain(ImageSet set, Normalization normalization, int from, int to) {
        int[] positions = new int[to - from];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = from + i;
        }
        int count = positions.length;
        return new Views(set, normalization, positions, new boolean[count], new int[count], new int[count], 0);
    }

    int[] labels() {
        int[] labels = new int[positions.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = set.label(positions[i]);
        }
        return labels;
    }

    /**
     * Normalised pixels, {@code [image][channel][row][column]}.
     *
     * @param distortions what each image goes through before; empty for images as they are
     */
    float[] render(List<Distortion> distortions, Normalizer normalizer) {
        Shape shape = set.shape();
        float[] values = new float[positions.length * shape.size()];
        List<byte[]> pixels = set.pixels(positions);
        for (int i = 0; i < positions.length; i++) {
            byte[] image =
                    distortions.isEmpty() ? pixels.get(i) : distortions.get(i).of(pixels.get(i), shape);
            normalizer.write(image, mirrored[i], up[i], left[i], values, i * shape.size());
        }
        return values;
    }
}
