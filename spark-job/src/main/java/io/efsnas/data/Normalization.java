package io.efsnas.data;

import io.efsnas.data.format.ImageSet;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Per-channel mean and standard deviation of pixel values between 0 and 1; a pixel {@code p} of 0 to 255 is normalised to
 * {@code (p / 255 - mean) / deviation}.
 *
 * @param mean the mean of each channel
 * @param deviation the standard deviation of each channel, above 0
 */
public record Normalization(List<Double> mean, List<Double> deviation) implements Serializable {

    static final int LEVELS = 256;
    private static final double WHITE = 255;

    public Normalization {
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
        if (mean.size() != deviation.size() || !deviation.stream().allMatch(value -> value > 0)) {
            throw new IllegalArgumentException(
                    "each channel needs a mean and a deviation above 0, not " + mean + " and " + deviation);
        }
    }

    /**
     * The statistics of all pixels of a set, its deviation that of the whole population. A channel in which all pixels are
     * equal has nothing to scale: its deviation is 1.
     */
    public static Normalization of(ImageSet images) {
        return of(IntStream.range(0, images.shape().channels())
                .mapToObj(channel -> histogram(images, channel))
                .toList());
    }

    /**
     * The same of counted pixels.
     *
     * @param histograms how often each of the 256 pixel values occurs in each channel
     */
    public static Normalization of(List<long[]> histograms) {
        List<Double> mean = new ArrayList<>();
        List<Double> deviation = new ArrayList<>();
        for (long[] histogram : histograms) {
            long sum = 0;
            for (int level = 0; level < LEVELS; level++) {
                sum += level * histogram[level];
            }
            double pixels = LongStream.of(histogram).sum();
            double average = sum / pixels;
            double squares = 0;
            for (int level = 0; level < LEVELS; level++) {
                squares += histogram[level] * (level - average) * (level - average);
            }
            mean.add(average / WHITE);
            deviation.add(squares == 0 ? 1 : Math.sqrt(squares / pixels) / WHITE);
        }
        return new Normalization(mean, deviation);
    }

    private static long[] histogram(ImageSet images, int channel) {
        int plane = images.shape().pixels();
        long[] histogram = new long[LEVELS];
        for (int i = 0; i < images.size(); i++) {
            byte[] pixels = images.pixels(i);
            for (int at = channel * plane; at < (channel + 1) * plane; at++) {
                histogram[Byte.toUnsignedInt(pixels[at])]++;
            }
        }
        return histogram;
    }

    /** The normalised value of each of a channel's 256 pixel values. */
    public float[] table(int channel) {
        float[] table = new float[LEVELS];
        for (int level = 0; level < LEVELS; level++) {
            table[level] = (float) ((level / WHITE - mean.get(channel)) / deviation.get(channel));
        }
        return table;
    }
}
