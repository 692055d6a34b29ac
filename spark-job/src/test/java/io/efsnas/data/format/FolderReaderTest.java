package io.efsnas.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.data.format.Decoding.Damaged;
import io.efsnas.network.Shape;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderReaderTest {

    private static final Decoding SCALED = new Decoding(2, Damaged.REFUSE);

    /** 8x8 pixels without cyan and black, with all of magenta and yellow. */
    private static final String RED_CMYK_JPEG = ""
            + "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAbEhQXFBEbFxYXHhwbIChCKyglJShROj0wQmBVZWRfVV1baniZgWpxkHNb"
            + "XYW1hpCeo6utq2eAvMm6pseZqKuk/8AAFAgACAAIBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAAB"
            + "AgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNi"
            + "coIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SV"
            + "lpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4E"
            + "QwBNAFkASwAAPwDpq5muZrpq/9k=";

    @TempDir
    private Path folder;

    private FolderReader reader(Decoding decoding) {
        return new FolderReader(new ImageFiles(new Configuration()), decoding, List.of(folder.toString()));
    }

    private ImageSet read(Decoding decoding) {
        return reader(decoding).read(new org.apache.hadoop.fs.Path(folder.toString()));
    }

    private Path file(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return file;
    }

    private void png(String name, int type, Color colour, int height, int width) throws IOException {
        BufferedImage image = new BufferedImage(width, height, type);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, colour.getRGB());
            }
        }
        ImageIO.write(image, "png", file(name).toFile());
    }

    private void jpeg(String name, Raster raster) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file(name).toFile())) {
            writer.setOutput(out);
            writer.write(new IIOImage(raster, null, null));
        } finally {
            writer.dispose();
        }
    }

    private static WritableRaster raster(int bands, int side, int... values) {
        WritableRaster raster = Raster.createInterleavedRaster(0, side, side, bands, null);
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                raster.setPixel(x, y, values);
            }
        }
        return raster;
    }

    /** The mean of each plane. */
    private static List<Integer> colour(ImageSet images, int image) {
        int plane = images.shape().pixels();
        byte[] pixels = images.pixels(image);
        return List.of(mean(pixels, 0, plane), mean(pixels, plane, plane), mean(pixels, 2 * plane, plane));
    }

    private static int mean(byte[] pixels, int from, int count) {
        int sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += Byte.toUnsignedInt(pixels[i]);
        }
        return Math.round((float) sum / count);
    }

    @Test
    void classesAreFoldersInTheOrderOfTheirNamesWhateverTheSizeOfTheirImages() throws IOException {
        png("dog/2.png", BufferedImage.TYPE_INT_RGB, Color.RED, 4, 7);
        png("dog/1.png", BufferedImage.TYPE_INT_RGB, Color.GREEN, 9, 3);
        png("cat/1.png", BufferedImage.TYPE_INT_RGB, Color.BLUE, 2, 2);

        ImageSet images = read(SCALED);

        assertThat(images.shape()).isEqualTo(new Shape(3, 2, 2));
        assertThat(reader(SCALED).classNames(null, List.of(images))).containsExactly("cat", "dog");
        assertThat(List.of(images.label(0), images.label(1), images.label(2))).containsExactly(0, 1, 1);
        assertThat(colour(images, 0)).containsExactly(0, 0, 255);
        assertThat(colour(images, 1)).containsExactly(0, 255, 0);
        assertThat(colour(images, 2)).containsExactly(255, 0, 0);
    }

    @Test
    void greyTransparentAndCmykImagesBecomeRedGreenAndBlue() throws IOException {
        jpeg("a/1-grey.jpg", raster(1, 16, 100));
        png("a/2-half.png", BufferedImage.TYPE_INT_ARGB, new Color(200, 100, 0, 128), 5, 5);
        Files.write(file("a/3-cmyk.jpg"), Base64.getDecoder().decode(RED_CMYK_JPEG));

        ImageSet images = read(SCALED);

        assertThat(colour(images, 0)).allSatisfy(value -> assertThat(value).isCloseTo(100, within(2)));
        assertThat(colour(images, 1)).containsExactly(100, 50, 0);
        assertThat(colour(images, 2).get(0)).isGreaterThan(200);
        assertThat(colour(images, 2).subList(1, 3))
                .allSatisfy(value -> assertThat(value).isLessThan(70));
    }

    @Test
    void hiddenFilesAndEmptyFoldersArePassedOverAndNamed() throws IOException {
        png("cat/1.png", BufferedImage.TYPE_INT_RGB, Color.BLUE, 2, 2);
        Files.writeString(file("cat/.DS_Store"), "x");
        Files.createDirectories(folder.resolve("empty"));
        Files.createDirectories(folder.resolve("cat/deeper"));
        Files.writeString(file(".hidden/1.png"), "x");
        Files.writeString(file("README"), "x");
        FolderReader reader = reader(SCALED);

        assertThat(reader.read(new org.apache.hadoop.fs.Path(folder.toString())).size())
                .isEqualTo(1);

        assertThat(reader.remarks())
                .singleElement()
                .asString()
                .startsWith(folder + ": passed over what is neither a class with images nor a visible file of one: ")
                .contains(".hidden", "README", "cat/.DS_Store", "cat/deeper", "empty");
    }

    @Test
    void damagedImagesAreRefusedByNameOrSkippedAndNamed() throws IOException {
        png("cat/1.png", BufferedImage.TYPE_INT_RGB, Color.BLUE, 2, 2);
        jpeg("cat/2.jpg", raster(3, 64, 10, 20, 30));
        byte[] whole = Files.readAllBytes(folder.resolve("cat/2.jpg"));
        Files.write(folder.resolve("cat/2.jpg"), Arrays.copyOf(whole, whole.length / 2 + 100));
        Files.writeString(file("cat/3.png"), "no image");

        assertThatThrownBy(() -> read(SCALED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching(".*cat/2.jpg cannot be decoded: .*; remove it, or set data.damaged = skip");

        Files.write(folder.resolve("cat/2.jpg"), new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF});
        assertThatThrownBy(() -> read(SCALED))
                .hasMessageMatching(".*cat/2.jpg cannot be decoded: .*")
                .hasMessageNotContaining("null")
                .hasMessageNotContaining("Exception");

        FolderReader skipping = reader(new Decoding(2, Damaged.SKIP));
        assertThat(skipping.read(new org.apache.hadoop.fs.Path(folder.toString()))
                        .size())
                .isEqualTo(1);
        assertThat(skipping.remarks()).singleElement().asString().endsWith("damaged: cat/2.jpg, cat/3.png");
    }

    @Test
    void imagesOfSeveralSizesAskForASide() throws IOException {
        png("cat/1.png", BufferedImage.TYPE_INT_RGB, Color.BLUE, 2, 2);
        png("cat/2.png", BufferedImage.TYPE_INT_RGB, Color.BLUE, 2, 3);

        assertThatThrownBy(() -> read(Decoding.AS_IT_IS))
                .hasMessage("file:" + folder + "/cat/2.png has 3x2x3 values, others have 3x2x2; set data.side to the"
                        + " height and width that all get");
    }

    @Test
    void aClassThatTheTrainingImagesLackIsRefused() throws IOException {
        png("train/cat/1.png", BufferedImage.TYPE_INT_RGB, Color.BLUE, 2, 2);
        png("test/dog/1.png", BufferedImage.TYPE_INT_RGB, Color.BLUE, 2, 2);
        FolderReader reader = new FolderReader(
                new ImageFiles(new Configuration()),
                SCALED,
                List.of(folder.resolve("train").toString()));

        assertThatThrownBy(() -> reader.read(
                        new org.apache.hadoop.fs.Path(folder.resolve("test").toString())))
                .hasMessageEndingWith("test/dog is no class of the training images; expected one of cat");
    }
}
