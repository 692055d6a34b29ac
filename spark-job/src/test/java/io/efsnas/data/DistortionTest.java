package io.efsnas.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.data.Distortion.Window;
import io.efsnas.data.format.ImageSet;
import io.efsnas.network.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DistortionTest {

    private static final Shape SHAPE = new Shape(3, 12, 20);
    private static final Augmentation BOTH = new Augmentation(true, 0, 0.08, 0.4);

    /** Of which each value is 10 times its column, in all channels. */
    private static byte[] ramp() {
        byte[] pixels = new byte[SHAPE.size()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (10 * (i % SHAPE.width()));
        }
        return pixels;
    }

    private static byte[] noise(long seed) {
        byte[] pixels = new byte[SHAPE.size()];
        new Random(seed).nextBytes(pixels);
        return pixels;
    }

    private static Window whole() {
        return new Window(0, 0, SHAPE.height(), SHAPE.width());
    }

    @Test
    void aWindowLiesInTheImageAndHasTheAreaAndAspectThatAreWanted() {
        Random random = new Random(1);
        double smallest = 1;
        double largest = 0;
        for (int i = 0; i < 2000; i++) {
            Window window = Window.draw(0.3, new Shape(3, 100, 140), random);

            assertThat(window.top()).isBetween(0, 100 - window.height());
            assertThat(window.left()).isBetween(0, 140 - window.width());
            double area = window.height() * window.width() / 14_000.0;
            assertThat(area).isBetween(0.29, 1.0);
            smallest = Math.min(smallest, area);
            largest = Math.max(largest, area);
            if (area < 0.99) { // not the whole image
                assertThat((double) window.width() / window.height()).isBetween(0.73, 1.36);
            }
        }
        assertThat(smallest).isLessThan(0.32);
        assertThat(largest).isGreaterThan(0.9);
    }

    @Test
    void aWindowIsScaledToTheImage() {
        byte[] cut = new Distortion(new Window(3, 10, 6, 10), 1, 1, 1).of(ramp(), SHAPE);

        // Columns 10 to 19 at twice their width: neighbours are interpolated.
        for (int column = 1; column < SHAPE.width() - 1; column++) {
            assertThat((double) Byte.toUnsignedInt(cut[5 * SHAPE.width() + column]))
                    .isCloseTo(100 + 5 * column - 2.5, within(1.0));
        }
    }

    @Test
    void coloursChangeAsDefined() {
        byte[] pixels = noise(2);
        byte[] changed = new Distortion(whole(), 1.2f, 0.7f, 1.3f).of(pixels, SHAPE);

        int area = SHAPE.pixels();
        double[][] bright = new double[3][area];
        double mean = 0;
        for (int pixel = 0; pixel < area; pixel++) {
            for (int channel = 0; channel < 3; channel++) {
                bright[channel][pixel] = Math.min(255, 1.2 * (pixels[channel * area + pixel] & 255));
            }
            mean += grey(bright, pixel) / area;
        }
        for (int pixel = 0; pixel < area; pixel++) {
            double grey = mean + 0.7 * (grey(bright, pixel) - mean);
            for (int channel = 0; channel < 3; channel++) {
                double contrasted = mean + 0.7 * (bright[channel][pixel] - mean);
                double expected = Math.max(0, Math.min(255, grey + 1.3 * (contrasted - grey)));
                assertThat((double) (changed[channel * area + pixel] & 255)).isCloseTo(expected, within(0.51));
            }
        }
    }

    private static double grey(double[][] values, int pixel) {
        return 0.299 * values[0][pixel] + 0.587 * values[1][pixel] + 0.114 * values[2][pixel];
    }

    @Test
    void leavesTheImagesThemselvesAsTheyAre() {
        byte[] pixels = noise(3);

        new Distortion(new Window(1, 1, 5, 5), 1.4f, 0.6f, 0.8f).of(pixels, SHAPE);

        assertThat(pixels).isEqualTo(noise(3));
    }

    @Test
    void aBatchIsAFunctionOfItsStep() {
        ImageSet images = ImageSet.of(SHAPE, List.of(noise(1), noise(2), noise(3), noise(4)), new int[4]);
        TrainingBatches batches = new TrainingBatches(images, Normalization.of(images), 4, BOTH, 1, 2);
        List<float[]> inOrder = LongStream.range(0, 5)
                .mapToObj(step -> batches.batch(step).images())
                .toList();

        TrainingBatches again = new TrainingBatches(images, Normalization.of(images), 4, BOTH, 1, 2);
        for (int step : new int[] {3, 0, 4, 1, 2}) {
            assertThat(again.batch(step).images()).isEqualTo(inOrder.get(step));
        }
        assertThat(Arrays.equals(inOrder.get(0), inOrder.get(1))).isFalse();
        // A device that has the images cannot make these from them.
        assertThat(batches.batch(0).views()).isEmpty();
    }
}
