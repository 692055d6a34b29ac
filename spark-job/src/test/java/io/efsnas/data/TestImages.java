package io.efsnas.data;

import io.efsnas.data.format.Decoding;
import io.efsnas.data.format.ImageFormat;
import io.efsnas.data.format.ImageSet;
import io.efsnas.network.Shape;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;

/** Makes image sets and image files for the tests. */
public final class TestImages {

    static final int CIFAR_PIXELS = 3 * 32 * 32;

    private TestImages() {}

    /** Images of random pixels; the label of each is its position. */
    public static ImageSet numbered(Shape shape, int count) {
        Random random = new Random(17);
        List<byte[]> images = Stream.generate(() -> {
                    byte[] pixels = new byte[shape.size()];
                    random.nextBytes(pixels);
                    return pixels;
                })
                .limit(count)
                .toList();
        return ImageSet.of(shape, images, IntStream.range(0, count).toArray());
    }

    /** Bytes of CIFAR records of random pixels, the last label byte counting from 0 to classes - 1 and over again. */
    public static byte[] cifar(int labelBytes, int classes, int records, long seed) {
        byte[] bytes = new byte[records * (labelBytes + CIFAR_PIXELS)];
        new Random(seed).nextBytes(bytes);
        for (int record = 0; record < records; record++) {
            bytes[record * (labelBytes + CIFAR_PIXELS) + labelBytes - 1] = (byte) (record % classes);
        }
        return bytes;
    }

    public static byte[] idxImages(int count, int height, int width, byte[] pixels) {
        return ByteBuffer.allocate(16 + pixels.length)
                .putInt(0x803)
                .putInt(count)
                .putInt(height)
                .putInt(width)
                .put(pixels)
                .array();
    }

    /** A dataset of random images of 2 by 3 pixels and four classes, half of them to train and half to validate. */
    public static Dataset dataset(Path directory, int images) {
        byte[] pixels = new byte[images * 2 * 3];
        new Random(23).nextBytes(pixels);
        byte[] labels = new byte[images];
        for (int image = 0; image < images; image++) {
            labels[image] = (byte) (image % 4);
        }
        String imageFile = write(directory.resolve("train-images-idx3-ubyte"), idxImages(images, 2, 3, pixels));
        write(directory.resolve("train-labels-idx1-ubyte"), idxLabels(labels));
        return Dataset.load(
                new DatasetSpec(ImageFormat.IDX, Decoding.AS_IT_IS, List.of(imageFile), List.of(), 0.5, 0.5, 0, 1, 1),
                new Configuration());
    }

    public static byte[] idxLabels(byte... labels) {
        return ByteBuffer.allocate(8 + labels.length)
                .putInt(0x801)
                .putInt(labels.length)
                .put(labels)
                .array();
    }

    /** Writes bytes, compressed if the name ends in {@code .gz}, and returns the path as text. */
    public static String write(Path file, byte[] bytes) {
        try (OutputStream out = Files.newOutputStream(file)) {
            if (file.toString().endsWith(".gz")) {
                try (OutputStream zipped = new GZIPOutputStream(out)) {
                    zipped.write(bytes);
                }
            } else {
                out.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file.toString();
    }
}
