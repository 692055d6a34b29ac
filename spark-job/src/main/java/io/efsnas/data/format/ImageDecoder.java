package io.efsnas.data.format;

import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
import io.efsnas.network.Shape;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes a JPEG or PNG file into red, green and blue planes. Grey becomes three equal planes, CMYK is converted, and what
 * is transparent shows black.
 */
public final class ImageDecoder {

    private static final int CHANNELS = 3;
    private static final String CUT_OFF = "premature end";

    /** The second bytes of the segments of a plain JPEG file before its Huffman tables. */
    private static final int JFIF = 0xE0;

    private static final int QUANTIZATION = 0xDB;
    private static final int BASELINE = 0xC0;

    /** The JDK's own does not convert CMYK, and which one ImageIO finds depends on the class loader. */
    private static final JPEGImageReaderSpi JPEG = new JPEGImageReaderSpi();

    private static final ImageReaderSpi PLAIN_JPEG;

    static {
        IIORegistry.getDefaultInstance().registerServiceProvider(JPEG); // which finds the JDK's, on which it builds
        PLAIN_JPEG = ofTheJdk();
    }

    private ImageDecoder() {}

    private static ImageReaderSpi ofTheJdk() {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("jpeg");
        while (readers.hasNext()) {
            ImageReaderSpi provider = readers.next().getOriginatingProvider();
            if (provider.getClass().getName().startsWith("com.sun.")) {
                return provider;
            }
        }
        return JPEG;
    }

    /**
     * An image of the sides that it has in its file.
     *
     * @param pixels {@code [channel][row][column]} as unsigned bytes
     */
    public record Decoded(Shape shape, byte[] pixels) {}

    /**
     * Decodes a file.
     *
     * @throws IOException saying why its bytes are no whole image
     */
    public static Decoded decode(byte[] file) throws IOException {
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            ImageReader reader = reader(file, in);
            try {
                reader.setInput(in);
                reader.addIIOReadWarningListener((source, warning) -> {
                    // What comes after would be grey.
                    if (warning.toLowerCase(Locale.ROOT).contains(CUT_OFF)) {
                        throw new CutOffException();
                    }
                });
                return planes(reader.read(0));
            } finally {
                reader.dispose();
            }
        } catch (CutOffException e) {
            throw new IOException("it is cut off", e);
        } catch (IOException | RuntimeException e) { // the latter as readers throw where bytes make no sense
            throw new IOException(e.getMessage() == null ? "its bytes are no image" : e.getMessage(), e);
        }
    }

    private static ImageReader reader(byte[] file, ImageInputStream in) throws IOException {
        if (file.length > 3 && file[0] == (byte) 0xFF && file[1] == (byte) 0xD8) {
            return isPlain(file) ? PLAIN_JPEG.createReaderInstance() : JPEG.createReaderInstance();
        }
        Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
        if (!readers.hasNext()) {
            throw new IOException("it is no image; expected JPEG or PNG");
        }
        return readers.next();
    }

    /**
     * Whether a JPEG file is an ordinary one of three components that begins with JFIF's segment and has no other segments
     * than all such files: the JDK's reader then gives the same pixels as the other, which only calls it, in less than half
     * of the time.
     */
    private static boolean isPlain(byte[] file) {
        if (Byte.toUnsignedInt(file[3]) != JFIF) {
            return false;
        }
        for (int at = 2; at + 9 < file.length && file[at] == (byte) 0xFF; ) {
            int marker = Byte.toUnsignedInt(file[at + 1]);
            if (marker == BASELINE) {
                return file[at + 9] == CHANNELS;
            }
            if (marker != JFIF && marker != QUANTIZATION) {
                return false;
            }
            at += 2 + (Byte.toUnsignedInt(file[at + 2]) << Byte.SIZE | Byte.toUnsignedInt(file[at + 3]));
        }
        return false;
    }

    private static Decoded planes(BufferedImage image) {
        int height = image.getHeight();
        int width = image.getWidth();
        Shape shape = new Shape(CHANNELS, height, width);
        byte[] pixels = new byte[shape.size()];
        int plane = height * width;
        if (image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY) {
            grey(image, pixels, plane);
            return new Decoded(shape, pixels);
        }
        if (image.getType() == BufferedImage.TYPE_3BYTE_BGR
                && image.getRaster().getDataBuffer() instanceof DataBufferByte buffer
                && buffer.getSize() == pixels.length) {
            byte[] mixed = buffer.getData();
            for (int i = 0; i < plane; i++) {
                for (int channel = 0; channel < CHANNELS; channel++) {
                    pixels[channel * plane + i] = mixed[CHANNELS * (i + 1) - 1 - channel];
                }
            }
            return new Decoded(shape, pixels);
        }
        int[] colours = image.getRGB(0, 0, width, height, null, 0, width);
        for (int i = 0; i < plane; i++) {
            int colour = colours[i];
            int opacity = colour >>> 24;
            for (int channel = 0; channel < CHANNELS; channel++) {
                int value = colour >> (16 - 8 * channel) & 0xFF;
                pixels[channel * plane + i] = (byte) (opacity == 255 ? value : (value * opacity + 127) / 255);
            }
        }
        return new Decoded(shape, pixels);
    }

    /** As it is in the file: as a colour, Java would brighten it. */
    private static void grey(BufferedImage image, byte[] pixels, int plane) {
        int[] values = image.getRaster().getSamples(0, 0, image.getWidth(), image.getHeight(), 0, (int[]) null);
        int shift = image.getSampleModel().getSampleSize(0) - Byte.SIZE;
        for (int i = 0; i < plane; i++) {
            byte value = (byte) (shift < 0 ? values[i] * 255 / ((1 << Byte.SIZE + shift) - 1) : values[i] >> shift);
            for (int channel = 0; channel < CHANNELS; channel++) {
                pixels[channel * plane + i] = value;
            }
        }
    }

    private static final class CutOffException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
