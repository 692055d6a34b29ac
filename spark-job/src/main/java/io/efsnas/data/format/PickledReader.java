package io.efsnas.data.format;

import io.efsnas.data.format.ImageSet.LabelledImage;
import io.efsnas.data.format.ImageSet.MemoryImage;
import io.efsnas.network.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.razorvine.pickle.PickleException;
import org.apache.hadoop.fs.Path;

/**
 * The pickled batches of downsampled ImageNet: dictionaries with {@code data}, an array of the red, green and blue planes of
 * square images, and {@code labels}, a list of numbers from 1. Of ImageNet16-120 only the images of the first 120 classes
 * are read, as NAS-Bench-201 did.
 */
final class PickledReader implements ImageReader {

    static final int CLASSES = 1000;
    static final int CLASSES_OF_120 = 120;
    static final Shape SHAPE_OF_120 = new Shape(3, 16, 16);
    private static final int CHANNELS = 3;
    private static final int TRAIN_FILES = 10;

    private final ImageFiles files;
    private final int classes;

    /** @param classes how many of the 1000 classes are read, the first ones */
    PickledReader(ImageFiles files, int classes) {
        this.files = files;
        this.classes = classes;
    }

    @Override
    public List<Path> trainFiles(List<String> paths) {
        return files.find(
                paths,
                IntStream.rangeClosed(1, TRAIN_FILES)
                        .mapToObj(file -> "train_data_batch_" + file)
                        .toList());
    }

    @Override
    public List<Path> testFiles(List<String> paths) {
        return files.find(paths, List.of("val_data"));
    }

    @Override
    public List<String> classNames(Path train, List<ImageSet> read) {
        return ClassNames.beside(train, "class-names.txt", files, classes);
    }

    @Override
    public ImageSet read(Path file) {
        return decode(files.read(file, InputStream::readAllBytes), file);
    }

    private ImageSet decode(byte[] pickle, Path file) {
        Object content;
        try {
            content = new ArrayUnpickler().loads(pickle);
        } catch (PickleException e) {
            throw refused(file, "is no pickled batch: " + e.getMessage(), e);
        } catch (IOException | RuntimeException e) { // the latter of bytes that make no sense
            throw refused(file, "is no pickled batch", e);
        }
        if (!(content instanceof Map<?, ?> batch)
                || !(batch.get("data") instanceof ArrayUnpickler.Array data)
                || data.bytes() == null
                || !(batch.get("labels") instanceof List<?> labels)
                || labels.isEmpty()) {
            throw refused(file, "has not data and labels", null);
        }
        byte[] pixels = data.bytes();
        int each = pixels.length / labels.size();
        int side = (int) Math.round(Math.sqrt((double) each / CHANNELS));
        if (side == 0 || CHANNELS * side * side * (long) labels.size() != pixels.length) {
            throw refused(file, "has " + pixels.length + " bytes of data for " + labels.size() + " labels", null);
        }
        return new ImageSet(new Shape(CHANNELS, side, side), images(file, pixels, each, labels));
    }

    private List<LabelledImage> images(Path file, byte[] pixels, int each, List<?> labels) {
        List<LabelledImage> images = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            if (!(labels.get(i) instanceof Number label) || label.intValue() < 1 || label.intValue() > CLASSES) {
                throw new IllegalArgumentException(file + ": image " + i + " (from 0) has the label " + labels.get(i)
                        + "; the labels of downsampled ImageNet are 1 to " + CLASSES);
            }
            if (label.intValue() <= classes) {
                images.add(new MemoryImage(Arrays.copyOfRange(pixels, i * each, (i + 1) * each), label.intValue() - 1));
            }
        }
        if (images.isEmpty()) {
            throw new IllegalArgumentException(file + " has no image of the first " + classes + " classes");
        }
        return images;
    }

    private static IllegalArgumentException refused(Path file, String why, Exception cause) {
        return new IllegalArgumentException(
                file + " " + why
                        + "; expected a batch of downsampled ImageNet, a pickled dictionary of data, an array of"
                        + " bytes, and labels, a list",
                cause);
    }
}
