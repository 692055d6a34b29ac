package io.efsnas.data.format;

import java.util.List;
import org.apache.hadoop.fs.Path;

/** Reads the files of one {@link ImageFormat}. */
public interface ImageReader {

    /**
     * All images of a file, in its order.
     *
     * @throws IllegalArgumentException if the file is not of the format, naming file, record and what is accepted
     * @throws java.io.UncheckedIOException if reading fails
     */
    ImageSet read(Path file);

    /** The training files in a directory of the official release; none if the format has no such release. */
    List<String> trainNames();

    /** The test files in a directory of the official release; none if the format has no such release. */
    List<String> testNames();

    /** The file beside the images that names the classes, one a line, if there is one. */
    String classNamesFile();

    /** How many classes there are, given all that was read. */
    int classes(List<ImageSet> read);
}
