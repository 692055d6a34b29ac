package io.efsnas.data.format;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;

/** The file beside images that names their classes, one a line. */
final class ClassNames {

    private ClassNames() {}

    /**
     * The names, or the numbers of the classes if there is no such file.
     *
     * @throws IllegalArgumentException if the file names another number of classes
     */
    static List<String> beside(Path images, String name, ImageFiles files, int classes) {
        Path file = new Path(images.getParent(), name);
        List<String> names = files.linesIfPresent(file);
        if (names.isEmpty()) {
            return IntStream.range(0, classes).mapToObj(Integer::toString).toList();
        }
        if (names.size() != classes) {
            throw new IllegalArgumentException(file + " names " + names.size() + " classes, but the images have labels"
                    + " 0 to " + (classes - 1) + "; expected a line for each");
        }
        return names;
    }
}
