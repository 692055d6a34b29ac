package io.efsnas.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.efsnas.data.format.ImageDecoder.Decoded;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageDecoderTest {

    private static byte[] jpeg(int type, int height, int width) throws IOException {
        BufferedImage image = new BufferedImage(width, height, type);
        Random random = new Random(height);
        for (int i = 0; i < height * width; i++) {
            image.setRGB(
                    i % width, i / width, (i * 5 & 0xFF) << 16 | (i / width * 3 & 0xFF) << 8 | random.nextInt(256));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "jpg", bytes);
        return bytes.toByteArray();
    }

    /** The same file with a comment, which the reader for all kinds of JPEG files reads. */
    private static byte[] withComment(byte[] jpeg) {
        byte[] comment = {(byte) 0xFF, (byte) 0xFE, 0, 4, 'h', 'i'};
        int end = 4 + (Byte.toUnsignedInt(jpeg[4]) << Byte.SIZE | Byte.toUnsignedInt(jpeg[5]));
        byte[] longer = Arrays.copyOf(jpeg, jpeg.length + comment.length);
        System.arraycopy(comment, 0, longer, end, comment.length);
        System.arraycopy(jpeg, end, longer, end + comment.length, jpeg.length - end);
        return longer;
    }

    @ParameterizedTest
    @CsvSource({"16, 16", "33, 47", "1, 9", "120, 80"})
    void bothReadersGiveTheSamePixels(int height, int width) throws IOException {
        byte[] plain = jpeg(BufferedImage.TYPE_INT_RGB, height, width);
        Decoded decoded = ImageDecoder.decode(plain);

        assertThat(decoded.shape().height()).isEqualTo(height);
        assertThat(decoded.pixels())
                .isEqualTo(ImageDecoder.decode(withComment(plain)).pixels());
    }

    /** Cut off in the header, in the tables, in the picture, and just before its end. */
    @ParameterizedTest
    @CsvSource({"3", "4", "30", "300", "-600", "-40"})
    void bothReadersRefuseFilesThatAreCutOff(int length) throws IOException {
        byte[] plain = jpeg(BufferedImage.TYPE_INT_RGB, 120, 80);
        int rest = length < 0 ? plain.length + length : length;

        for (byte[] whole : new byte[][] {plain, withComment(plain)}) {
            assertThatThrownBy(() -> ImageDecoder.decode(Arrays.copyOf(whole, rest)))
                    .isInstanceOf(IOException.class);
        }
    }
}
