package io.efsnas.data.format;

import io.efsnas.data.format.ImageSet.LabelledImage;
import io.efsnas.data.format.ImageSet.MemoryImage;
import io.efsnas.network.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;

/**
 * IDX files of unsigned bytes: a big-endian header of a magic number and the sizes, then the values. An image file has
 * the sizes images, rows, columns; its label file only the number of labels.
 */
final class IdxReader implements ImageReader {

    private static final String IMAGES_IN_NAME = "images-idx3";
    private static final String LABELS_IN_NAME = "labels-idx1";
    private static final String CLASS_NAMES = "class-names.txt";
    private static final int IMAGES_MAGIC = 0x00000803;
    private static final int LABELS_MAGIC = 0x00000801;
    /** A header with a longer side is taken for damaged rather than for a reason to fill the memory. */
    private static final int LONGEST_SIDE = 4096;

    private final ImageFiles files;

    IdxReader(ImageFiles files) {
        this.files = files;
    }

    @Override
    public ImageSet read(Path file) {
        if (!file.getName().contains(IMAGES_IN_NAME)) {
            throw new IllegalArgumentException(file + ": the name of an IDX image file has " + IMAGES_IN_NAME
                    + " in it, where that of its label file has " + LABELS_IN_NAME);
        }
        Path labelFile = new Path(file.getParent(), file.getName().replace(IMAGES_IN_NAME, LABELS_IN_NAME));
        byte[] labels = files.read(labelFile, in -> decodeLabels(in, labelFile));
        return files.read(file, in -> decodeImages(in, file, labels, labelFile));
    }

    @Override
    public List<Path> trainFiles(List<String> paths) {
        return files.find(paths, List.of());
    }

    @Override
    public List<Path> testFiles(List<String> paths) {
        return files.find(paths, List.of());
    }

    @Override
    public List<String> classNames(Path train, List<ImageSet> read) {
        int classes = 1 + read.stream().mapToInt(ImageSet::largestLabel).max().orElseThrow();
        return ClassNames.beside(train, CLASS_NAMES, files, classes);
    }

    private static byte[] decodeLabels(InputStream in, Path file) throws IOException {
        int count = header(in, file, LABELS_MAGIC, "label", 1).get();
        byte[] labels = in.readNBytes(count);
        if (labels.length < count) {
            throw new IllegalArgumentException(
                    file + " ends after " + labels.length + " labels; its header says " + count);
        }
        requireEnd(in, file, count + " labels");
        return labels;
    }

    private static ImageSet decodeImages(InputStream in, Path file, byte[] labels, Path labelFile) throws IOException {
        IntBuffer header = header(in, file, IMAGES_MAGIC, "image", 3);
        int count = header.get();
        int height = header.get();
        int width = header.get();
        if (height < 1 || height > LONGEST_SIDE || width < 1 || width > LONGEST_SIDE) {
            throw new IllegalArgumentException(file + ": the header says images of " + height + "x" + width
                    + " pixels; accepted are sides of 1 to " + LONGEST_SIDE);
        }
        if (count != labels.length) {
            throw new IllegalArgumentException(
                    file + " has " + count + " images but " + labelFile + " has " + labels.length + " labels");
        }
        Shape shape = new Shape(1, height, width);
        List<LabelledImage> images = new ArrayList<>(count);
        for (byte label : labels) {
            byte[] pixels = in.readNBytes(shape.size());
            if (pixels.length < shape.size()) {
                throw new IllegalArgumentException(file + " ends in image " + images.size()
                        + " (from 0); its header says " + count + " images of " + height + "x" + width + " pixels");
            }
            images.add(new MemoryImage(pixels, Byte.toUnsignedInt(label)));
        }
        requireEnd(in, file, count + " images of " + height + "x" + width + " pixels");
        return new ImageSet(shape, images);
    }

    /** The sizes in a header, the first of which, the number of items, is at least 1. */
    private static IntBuffer header(InputStream in, Path file, int magic, String item, int sizes) throws IOException {
        byte[] bytes = in.readNBytes(Integer.BYTES * (1 + sizes));
        if (bytes.length == 0) {
            throw new IllegalArgumentException(file + " is empty; an IDX " + item + " file begins with a header");
        }
        if (bytes.length < Integer.BYTES * (1 + sizes)) {
            throw new IllegalArgumentException(file + " has " + bytes.length + " bytes; the header of an IDX " + item
                    + " file alone has " + Integer.BYTES * (1 + sizes));
        }
        IntBuffer header = ByteBuffer.wrap(bytes).asIntBuffer();
        int found = header.get();
        if (found != magic) {
            throw new IllegalArgumentException(String.format(
                    "%s begins with the magic number 0x%08x; an IDX %s file begins with 0x%08x",
                    file, found, item, magic));
        }
        int count = header.get(header.position());
        if (count < 1) {
            throw new IllegalArgumentException(
                    file + ": the header says " + count + " " + item + "s; at least 1 is wanted");
        }
        return header;
    }

    private static void requireEnd(InputStream in, Path file, String content) throws IOException {
        if (in.read() >= 0) {
            throw new IllegalArgumentException(file + " is longer than the " + content + " that its header says");
        }
    }
}
