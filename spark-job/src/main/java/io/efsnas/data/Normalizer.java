package io.efsnas.data;

import io.efsnas.network.Shape;
import java.util.Arrays;

/** Turns the bytes of images of one shape into normalised values, by a table of the 256 pixel values per channel. */
final class Normalizer {

    private static final int BLACK = 0;

    private final Shape shape;
    private final float[][] tables;

    Normalizer(Shape shape, Normalization normalization) {
        if (normalization.mean().size() != shape.channels()) {
            throw new IllegalArgumentException(
                    "a normalisation of " + normalization.mean().size() + " channels does not fit images of " + shape);
        }
        this.shape = shape;
        this.tables = new float[shape.channels()][];
        Arrays.setAll(tables, normalization::table);
    }

    /**
     * Writes an image mirrored left to right or not, then shifted up and left by whole pixels, negative for down and
     * right. What the shift uncovers is black.
     */
    void write(byte[] pixels, boolean flip, int up, int left, float[] to, int offset) {
        int height = shape.height();
        int width = shape.width();
        int firstColumn = Math.max(0, -left);
        int endColumn = Math.min(width, width - left);
        int step = flip ? -1 : 1;
        int at = offset;
        for (int channel = 0; channel < shape.channels(); channel++) {
            float[] table = tables[channel];
            for (int row = 0; row < height; row++, at += width) {
                int sourceRow = row + up;
                if (sourceRow < 0 || sourceRow >= height) {
                    Arrays.fill(to, at, at + width, table[BLACK]);
                    continue;
                }
                Arrays.fill(to, at, at + firstColumn, table[BLACK]);
                int sourceColumn = flip ? width - 1 - firstColumn - left : firstColumn + left;
                int source = (channel * height + sourceRow) * width + sourceColumn;
                for (int column = firstColumn; column < endColumn; column++, source += step) {
                    to[at + column] = table[Byte.toUnsignedInt(pixels[source])];
                }
                Arrays.fill(to, at + endColumn, at + width, table[BLACK]);
            }
        }
    }
}
