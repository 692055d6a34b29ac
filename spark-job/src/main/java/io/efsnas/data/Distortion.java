package io.efsnas.data;

import io.efsnas.data.format.ImageDecoder.Decoded;
import io.efsnas.data.format.Resize;
import io.efsnas.network.Shape;
import java.util.random.RandomGenerator;

/**
 * What a training image goes through before it is mirrored, shifted and normalised: a window of random area and aspect is
 * cut out of it and scaled to its size (Szegedy et al., <i>Going deeper with convolutions</i>, CVPR 2015), and then its
 * colours are changed (Howard, <i>Some improvements on deep convolutional neural network based image classification</i>,
 * 2013), in this order: brightness, contrast, saturation.
 *
 * @param window what is cut out
 * @param brightness what each value is multiplied by
 * @param contrast what the distance of each value to the mean grey of the image is multiplied by
 * @param saturation what the distance of each value to the grey of its pixel is multiplied by
 */
record Distortion(Window window, float brightness, float contrast, float saturation) {

    private static final int BRIGHTEST = 255;

    /** The share of red, green and blue in grey, as television has it (ITU-R BT.601). */
    private static final float[] GREY = {0.299f, 0.587f, 0.114f};

    /**
     * Part of an image.
     *
     * @param top its first row
     * @param left its first column
     */
    record Window(int top, int left, int height, int width) {

        private static final int TRIES = 10;
        private static final double WIDEST = 4.0 / 3;

        /** The whole image if none of some windows lies in it. */
        static Window draw(double smallest, Shape shape, RandomGenerator random) {
            for (int i = 0; i < TRIES && smallest < 1; i++) {
                double area = shape.pixels() * random.nextDouble(smallest, 1);
                double aspect = Math.exp(random.nextDouble(-Math.log(WIDEST), Math.log(WIDEST)));
                int width = (int) Math.round(Math.sqrt(area * aspect));
                int height = (int) Math.round(Math.sqrt(area / aspect));
                if (width >= 1 && width <= shape.width() && height >= 1 && height <= shape.height()) {
                    return new Window(
                            random.nextInt(shape.height() - height + 1),
                            random.nextInt(shape.width() - width + 1),
                            height,
                            width);
                }
            }
            return new Window(0, 0, shape.height(), shape.width());
        }

        private byte[] of(byte[] pixels, Shape shape) {
            if (height == shape.height() && width == shape.width()) {
                return pixels;
            }
            Shape part = new Shape(shape.channels(), height, width);
            byte[] cut = new byte[part.size()];
            for (int row = 0; row < shape.channels() * height; row++) {
                int from = (row / height * shape.height() + top + row % height) * shape.width() + left;
                System.arraycopy(pixels, from, cut, row * width, width);
            }
            return Resize.stretched(new Decoded(part, cut), shape);
        }
    }

    /** Draws one by an augmentation's settings. */
    static Distortion draw(Augmentation augmentation, Shape shape, RandomGenerator random) {
        Window window = Window.draw(augmentation.smallestCrop(), shape, random);
        double jitter = augmentation.colorJitter();
        return new Distortion(window, factor(jitter, random), factor(jitter, random), factor(jitter, random));
    }

    private static float factor(double jitter, RandomGenerator random) {
        return (float) (1 + jitter * (2 * random.nextDouble() - 1));
    }

    /**
     * The pixels of an image after it.
     *
     * @param pixels unsigned bytes, {@code [channel][row][column]}, which are left as they are
     */
    byte[] of(byte[] pixels, Shape shape) {
        byte[] cut = window.of(pixels, shape);
        if (brightness == 1 && contrast == 1 && saturation == 1) {
            return cut;
        }
        float[] values = new float[cut.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = bounded(brightness * Byte.toUnsignedInt(cut[i]));
        }
        float[] grey = grey(values, shape);
        double sum = 0;
        for (float value : grey) {
            sum += value;
        }
        float mean = (float) (sum / grey.length);
        byte[] changed = new byte[cut.length];
        for (int i = 0; i < values.length; i++) {
            float contrasted = bounded(mean + contrast * (values[i] - mean));
            float greyOfIt = bounded(mean + contrast * (grey[i % grey.length] - mean));
            changed[i] = (byte) Math.round(bounded(greyOfIt + saturation * (contrasted - greyOfIt)));
        }
        return changed;
    }

    private static float bounded(float value) {
        return Math.max(0, Math.min(BRIGHTEST, value));
    }

    /** The grey of each pixel: images that are not of three channels have one. */
    private static float[] grey(float[] values, Shape shape) {
        float[] grey = new float[shape.pixels()];
        for (int channel = 0; channel < shape.channels(); channel++) {
            float share = shape.channels() == GREY.length ? GREY[channel] : 1f / shape.channels();
            for (int pixel = 0; pixel < grey.length; pixel++) {
                grey[pixel] += share * values[channel * grey.length + pixel];
            }
        }
        return grey;
    }
}
