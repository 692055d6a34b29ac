package io.efsnas.data.format;

import java.util.List;
import org.apache.hadoop.fs.Path;

/** Reads the files of one {@link ImageFormat}. */
public interface ImageReader {

    /**
     * The files, or the folders of single images, that paths of training images stand for.
     *
     * @throws IllegalArgumentException naming a path that does not exist, or is not what this format has
     */
    List<Path> trainFiles(List<String> paths);

    /** The same of test images. */
    List<Path> testFiles(List<String> paths);

    /**
     * All images of a file or folder, in its order.
     *
     * @throws IllegalArgumentException if it is not of the format, naming file, record and what is accepted
     * @throws java.io.UncheckedIOException if reading fails
     */
    ImageSet read(Path file);

    /**
     * What each class is called.
     *
     * @param train the first of the training files
     * @param read all that was read
     * @throws IllegalArgumentException if names that are there do not fit the labels
     */
    List<String> classNames(Path train, List<ImageSet> read);

    /** What the reading has passed over and a user should know of, a line each. */
    default List<String> remarks() {
        return List.of();
    }
}
