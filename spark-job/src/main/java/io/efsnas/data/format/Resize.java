package io.efsnas.data.format;

import io.efsnas.data.format.ImageDecoder.Decoded;
import io.efsnas.network.Shape;

/**
 * Scales an image so that its smaller side has a given length, and keeps all of it or the square in its middle. A pixel is the mean of
 * the area that it covers; where that is less than a pixel, neighbours are interpolated.
 */
public final class Resize {

    private Resize() {}

    /** The pixels of the square, {@code [channel][row][column]} as unsigned bytes. */
    public static byte[] square(Decoded image, int side) {
        Shape shape = image.shape();
        int kept = Math.min(shape.height(), shape.width());
        return scaled(image, new Axis(shape.height(), kept, side, 0), new Axis(shape.width(), kept, side, 0))
                .pixels();
    }

    /** The pixels of the whole image, each of its sides scaled to that of a shape. */
    public static byte[] stretched(Decoded image, Shape to) {
        Shape shape = image.shape();
        return scaled(
                        image,
                        new Axis(shape.height(), shape.height(), to.height(), 0),
                        new Axis(shape.width(), shape.width(), to.width(), 0))
                .pixels();
    }

    /**
     * The whole image, its smaller side scaled to a length. Its middle is the {@link #square} of this side, bit for bit: the
     * longer side has whole pixels beyond it, and what is left at both ends, less than a pixel each, falls away.
     */
    public static Decoded whole(Decoded image, int side) {
        Shape shape = image.shape();
        int kept = Math.min(shape.height(), shape.width());
        return scaled(
                image,
                new Axis(shape.height(), kept, side, beyond(shape.height(), kept, side)),
                new Axis(shape.width(), kept, side, beyond(shape.width(), kept, side)));
    }

    /** How many whole pixels of the scaled image there are at each end beyond the square. */
    private static int beyond(int length, int kept, int side) {
        return (int) ((long) (length - kept) * side / (2L * kept));
    }

    private static Decoded scaled(Decoded image, Axis rows, Axis columns) {
        Shape shape = image.shape();
        int width = columns.first.length;
        int height = rows.first.length;
        float[] narrow = new float[shape.height() * width];
        byte[] scaled = new byte[shape.channels() * height * width];
        for (int channel = 0; channel < shape.channels(); channel++) {
            int plane = channel * shape.pixels();
            for (int row = 0; row < shape.height(); row++) {
                for (int x = 0; x < width; x++) {
                    float sum = 0;
                    for (int i = 0; i < columns.weights[x].length; i++) {
                        int pixel = plane + row * shape.width() + columns.first[x] + i;
                        sum += columns.weights[x][i] * Byte.toUnsignedInt(image.pixels()[pixel]);
                    }
                    narrow[row * width + x] = sum;
                }
            }
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    float sum = 0;
                    for (int i = 0; i < rows.weights[y].length; i++) {
                        sum += rows.weights[y][i] * narrow[(rows.first[y] + i) * width + x];
                    }
                    scaled[(channel * height + y) * width + x] = (byte) Math.round(sum);
                }
            }
        }
        return new Decoded(new Shape(shape.channels(), height, width), scaled);
    }

    /** Of each pixel along a side of the scaled image: the first pixel of the image that it is made of, and the weights of all. */
    private static final class Axis {

        private final int[] first;
        private final float[][] weights;

        /**
         * @param length of this side of the image
         * @param kept the length, in pixels of the image, of the square in the middle
         * @param side the length that this is scaled to
         * @param beyond how many pixels of the scaled image there are at each end of the square
         */
        Axis(int length, int kept, int side, int beyond) {
            first = new int[side + 2 * beyond];
            weights = new float[first.length][];
            double scale = (double) kept / side;
            double begin = (length - kept) / 2.0;
            for (int i = 0; i < first.length; i++) {
                double from = Math.max(0, begin + (i - beyond) * scale);
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
