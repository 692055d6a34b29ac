package io.efsnas.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.data.format.ImageDecoder.Decoded;
import io.efsnas.network.Shape;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResizeTest {

    /** As fine as the reference looks: so many points along a side of a pixel of the result. */
    private static final int FINE = 64;

    private static Decoded noise(int height, int width) {
        Shape shape = new Shape(3, height, width);
        byte[] pixels = new byte[shape.size()];
        new Random(height * 31L + width).nextBytes(pixels);
        return new Decoded(shape, pixels);
    }

    @ParameterizedTest
    @CsvSource({"12, 12, 4", "13, 17, 5", "40, 9, 9", "31, 64, 30", "7, 50, 1"})
    void aPixelIsTheMeanOfTheAreaThatItCovers(int height, int width, int side) {
        Decoded image = noise(height, width);
        byte[] square = Resize.square(image, side);
        int kept = Math.min(height, width);
        for (int channel = 0; channel < 3; channel++) {
            for (int y = 0; y < side; y++) {
                for (int x = 0; x < side; x++) {
                    double sum = 0;
                    for (int i = 0; i < FINE * FINE; i++) {
                        double row = (height - kept) / 2.0 + (y + (i / FINE + 0.5) / FINE) * kept / side;
                        double column = (width - kept) / 2.0 + (x + (i % FINE + 0.5) / FINE) * kept / side;
                        sum += Byte.toUnsignedInt(
                                image.pixels()[(channel * height + (int) row) * width + (int) column]);
                    }
                    assertThat((double) Byte.toUnsignedInt(square[(channel * side + y) * side + x]))
                            .isCloseTo(sum / FINE / FINE, within(6.0));
                }
            }
        }
    }

    @Test
    void theMiddleStaysAsItIsWhereNothingIsScaled() {
        Decoded image = noise(4, 8);
        byte[] square = Resize.square(image, 4);
        for (int i = 0; i < square.length; i++) {
            assertThat(square[i]).isEqualTo(image.pixels()[i / 4 * 8 + 2 + i % 4]);
        }
    }

    @ParameterizedTest
    @CsvSource({"12, 12, 4", "13, 17, 5", "90, 41, 9", "31, 64, 30", "50, 7, 1", "375, 500, 64", "33, 90, 33"})
    void theMiddleOfTheWholeIsTheSquare(int height, int width, int side) {
        Decoded image = noise(height, width);
        Decoded whole = Resize.whole(image, side);

        Shape shape = whole.shape();
        assertThat(Math.min(shape.height(), shape.width())).isEqualTo(side);
        double longer = (double) Math.max(height, width) * side / Math.min(height, width);
        assertThat((double) Math.max(shape.height(), shape.width())).isLessThanOrEqualTo(longer);
        assertThat((double) Math.max(shape.height(), shape.width())).isGreaterThan(longer - 2);
        assertThat(Resize.square(whole, side)).isEqualTo(Resize.square(image, side));
    }

    @Test
    void largerImagesAreInterpolated() {
        byte[] pixels = {0, 40, 80, 0, 40, 80, 0, 40, 80};
        byte[] square = Resize.square(new Decoded(new Shape(1, 3, 3), pixels), 6);
        assertThat(square).startsWith(0, 10, 30, 50, 70, 80);
    }
}
