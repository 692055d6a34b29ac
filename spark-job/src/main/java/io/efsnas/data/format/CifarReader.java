package io.efsnas.data.format;

import io.efsnas.data.format.ImageSet.LabelledImage;
import io.efsnas.data.format.ImageSet.MemoryImage;
import io.efsnas.network.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;

/**
 * The binary files of CIFAR-10 and CIFAR-100: records without a header, each of the label bytes, the last of which is the
 * class, and the red, green and blue planes.
 */
final class CifarReader implements ImageReader {

    static final Shape SHAPE = new Shape(3, 32, 32);
    static final int CIFAR10_CLASSES = 10;
    static final int CIFAR100_CLASSES = 100;

    private final ImageFiles files;
    private final int labelBytes;
    private final int classes;
    private final List<String> trainNames;
    private final List<String> testNames;
    private final String classNamesFile;

    private CifarReader(
            ImageFiles files,
            int labelBytes,
            int classes,
            List<String> trainNames,
            List<String> testNames,
            String classNamesFile) {
        this.files = files;
        this.labelBytes = labelBytes;
        this.classes = classes;
        this.trainNames = trainNames;
        this.testNames = testNames;
        this.classNamesFile = classNamesFile;
    }

    static CifarReader cifar10(ImageFiles files) {
        return new CifarReader(
                files,
                1,
                CIFAR10_CLASSES,
                List.of(
                        "data_batch_1.bin",
                        "data_batch_2.bin",
                        "data_batch_3.bin",
                        "data_batch_4.bin",
                        "data_batch_5.bin"),
                List.of("test_batch.bin"),
                "batches.meta.txt");
    }

    static CifarReader cifar100(ImageFiles files) {
        return new CifarReader(
                files, 2, CIFAR100_CLASSES, List.of("train.bin"), List.of("test.bin"), "fine_label_names.txt");
    }

    @Override
    public ImageSet read(Path file) {
        return files.read(file, in -> decode(in, file));
    }

    @Override
    public List<Path> trainFiles(List<String> paths) {
        return files.find(paths, trainNames);
    }

    @Override
    public List<Path> testFiles(List<String> paths) {
        return files.find(paths, testNames);
    }

    @Override
    public List<String> classNames(Path train, List<ImageSet> read) {
        return ClassNames.beside(train, classNamesFile, files, classes);
    }

    private ImageSet decode(InputStream in, Path file) throws IOException {
        List<LabelledImage> images = new ArrayList<>();
        byte[] labels = in.readNBytes(labelBytes);
        while (labels.length > 0) {
            byte[] pixels = in.readNBytes(SHAPE.size());
            int read = labels.length + pixels.length;
            if (read < labelBytes + SHAPE.size()) {
                throw new IllegalArgumentException(file + ": record " + images.size() + " (from 0) has " + read
                        + " bytes; a CIFAR-" + classes + " file is a whole number of records of "
                        + (labelBytes + SHAPE.size()) + " bytes");
            }
            int label = Byte.toUnsignedInt(labels[labelBytes - 1]);
            if (label >= classes) {
                throw new IllegalArgumentException(file + ": record " + images.size() + " (from 0) has the label "
                        + label + "; the labels of CIFAR-" + classes + " are 0 to " + (classes - 1));
            }
            images.add(new MemoryImage(pixels, label));
            labels = in.readNBytes(labelBytes);
        }
        if (images.isEmpty()) {
            throw new IllegalArgumentException(file + " is empty; a CIFAR-" + classes + " file has records of "
                    + (labelBytes + SHAPE.size()) + " bytes");
        }
        return new ImageSet(SHAPE, images);
    }
}
