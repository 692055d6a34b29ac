package io.efsnas.data.prepare;

import io.efsnas.data.format.ImageFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * The image files in a folder: a folder for each class, or a folder {@code train} of such folders beside one called {@code
 * val} or {@code test}, whose files are in such folders, too, or have a file of labels, as those of ImageNet. Classes are
 * numbered in the order of their names. Hidden files and what is no folder of a class are passed over.
 *
 * @param classes the names of the classes
 * @param train in the order of their paths
 * @param test the same; empty if the folder has no such part
 * @param passedOver names of what is neither a class with images nor a visible file of one
 */
public record FoundImages(
        List<String> classes, List<FoundImage> train, List<FoundImage> test, List<String> passedOver) {

    private static final String TRAIN = "train";
    private static final List<String> TEST = List.of("val", "test");

    /**
     * Looks for images.
     *
     * @param labels the file with the classes of the files in {@code val}, if these are in no folders of classes
     * @throws IllegalArgumentException naming what is not as it has to be
     */
    public static FoundImages in(Path from, Optional<Path> labels, ImageFiles files) {
        Search search = new Search(from, files);
        if (!files.isDirectory(new Path(from, TRAIN))) {
            if (labels.isPresent()) {
                throw new IllegalArgumentException(
                        "--val-labels: " + from + " has no folder train beside val, which the" + " labels are for");
            }
            TreeMap<String, List<FileStatus>> byClass = search.classes("");
            return search.found(byClass, search.images("", byClass, List.copyOf(byClass.keySet())), List.of());
        }
        TreeMap<String, List<FileStatus>> train = search.classes(TRAIN + "/");
        List<String> classes = List.copyOf(train.keySet());
        List<FoundImage> test = List.of();
        Optional<String> folder = TEST.stream()
                .filter(name -> files.isDirectory(new Path(from, name)))
                .findFirst();
        if (folder.isPresent()) {
            String within = folder.get() + "/";
            test = labels.isPresent()
                    ? search.labelled(within, ValidationLabels.read(labels.get(), classes, files))
                    : search.images(within, search.classes(within), classes);
        } else if (labels.isPresent()) {
            throw new IllegalArgumentException("--val-labels: " + from + " has no folder val");
        }
        return search.found(train, search.images(TRAIN + "/", train, classes), test);
    }

    private record Search(Path from, ImageFiles files, List<String> passedOver) {

        Search(Path from, ImageFiles files) {
            this(from, files, new ArrayList<>());
        }

        FoundImages found(TreeMap<String, List<FileStatus>> byClass, List<FoundImage> train, List<FoundImage> test) {
            return new FoundImages(List.copyOf(byClass.keySet()), train, test, List.copyOf(passedOver));
        }

        /** The image files of each class. */
        TreeMap<String, List<FileStatus>> classes(String within) {
            Path folder = within.isEmpty() ? from : new Path(from, within);
            TreeMap<String, List<FileStatus>> byClass = new TreeMap<>();
            for (FileStatus inside : files.list(folder)) {
                String name = inside.getPath().getName();
                List<FileStatus> images = inside.isDirectory() && ImageFiles.isVisible(inside.getPath())
                        ? visible(inside.getPath(), within + name + "/")
                        : List.of();
                if (images.isEmpty()) {
                    passedOver.add(within + name);
                } else {
                    byClass.put(name, images);
                }
            }
            if (byClass.isEmpty()) {
                throw new IllegalArgumentException(
                        folder + " has no folder with images in it; expected a folder for each"
                                + " class, with JPEG or PNG files"
                                + (TEST.contains(folder.getName()) ? ", or --val-labels FILE" : ""));
            }
            return byClass;
        }

        private List<FileStatus> visible(Path folder, String within) {
            List<FileStatus> visible = new ArrayList<>();
            for (FileStatus file : files.list(folder)) {
                if (file.isFile() && ImageFiles.isVisible(file.getPath())) {
                    visible.add(file);
                } else {
                    passedOver.add(within + file.getPath().getName());
                }
            }
            return visible;
        }

        List<FoundImage> images(String within, TreeMap<String, List<FileStatus>> byClass, List<String> classes) {
            List<FoundImage> images = new ArrayList<>();
            byClass.forEach((name, found) -> {
                int label = classes.indexOf(name);
                if (label < 0) {
                    throw new IllegalArgumentException(
                            new Path(from, within + name) + " is no class of the training images, which have "
                                    + classes.size() + ", such as " + classes.get(0));
                }
                found.forEach(file -> images.add(
                        new FoundImage(within + name + "/" + file.getPath().getName(), file.getLen(), label)));
            });
            return images;
        }

        List<FoundImage> labelled(String within, ValidationLabels labels) {
            List<FileStatus> found = visible(new Path(from, within), within);
            labels.requireFor(new TreeSet<>(
                    found.stream().map(file -> file.getPath().getName()).toList()));
            List<FoundImage> images = new ArrayList<>();
            for (int i = 0; i < found.size(); i++) {
                String name = found.get(i).getPath().getName();
                images.add(new FoundImage(within + name, found.get(i).getLen(), labels.of(name, i)));
            }
            return images;
        }
    }
}
