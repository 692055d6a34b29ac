package io.efsnas.data.format;

import io.efsnas.data.format.ImageDecoder.Decoded;
import io.efsnas.network.Shape;

/**
 * Scales an image so that its smaller side has a given length, and keeps the square in its middle. A pixel is the mean of
 * the area that it covers; where that is less than a pixel, neighbours are interpolated.
 */
final class Resize {

    private Resize() {}

    /** The pixels of the square, {@code [channel][row][column]} as unsigned bytes. */
    static byte[] square(Decoded image, int side) {
        Shape shape = image.shape();
        Axis rows = new Axis(shape.height(), Math.min(shape.height(), shape.width()), side);
        Axis columns = new Axis(shape.width(), Math.min(shape.height(), shape.width()), side);
        float[] narrow = new float[shape.height() * side];
        byte[] square = new byte[shape.channels() * side * side];
        for (int channel = 0; channel < shape.channels(); channel++) {
            int plane = channel * shape.pixels();
            for (int row = 0; row < shape.height(); row++) {
                for (int x = 0; x < side; x++) {
                    float sum = 0;
                    for (int i = 0; i < columns.weights[x].length; i++) {
                        int pixel = plane + row * shape.width() + columns.first[x] + i;
                        sum += columns.weights[x][i] * Byte.toUnsignedInt(image.pixels()[pixel]);
                    }
                    narrow[row * side + x] = sum;
                }
            }
            for (int y = 0; y < side; y++) {
                for (int x = 0; x < side; x++) {
                    float sum = 0;
                    for (int i = 0; i < rows.weights[y].length; i++) {
                        sum += rows.weights[y][i] * narrow[(rows.first[y] + i) * side + x];
                    }
                    square[(channel * side + y) * side + x] = (byte) Math.round(sum);
                }
            }
        }
        return square;
    }

    /** Of each pixel along a side of the square: the first pixel of the image that it is made of, and the weights of all. */
    private static final class Axis {

        private final int[] first;
        private final float[][] weights;

        /**
         * @param length of this side of the image
         * @param kept the length, in pixels of the image, of what is kept in the middle
         */
        Axis(int length, int kept, int side) {
            first = new int[side];
            weights = new float[side][];
            double scale = (double) kept / side;
            double begin = (length - kept) / 2.0;
            for (int i = 0; i < side; i++) {
                double from = begin + i * scale;
                if (scale < 1) { // as wide as a pixel of the image, about the middle of what it covers
                    from = Math.max(0, Math.min(length - 1, from + (scale - 1) / 2));
                }
                set(i, from, from + Math.max(1, scale), length);
            }
        }

        private void set(int i, double from, double to, int length) {
            int begin = (int) Math.floor(from);
            int end = Math.min(length, (int) Math.ceil(to));
            first[i] = begin;
            weights[i] = new float[end - begin];
            for (int pixel = begin; pixel < end; pixel++) {
                double covered = Math.min(to, pixel + 1) - Math.max(from, pixel);
                weights[i][pixel - begin] = (float) (covered / (to - from));
            }
        }
    }
}
