package io.efsnas.data.format;

import io.efsnas.data.format.Decoding.Damaged;
import io.efsnas.data.format.ImageDecoder.Decoded;
import io.efsnas.data.format.ImageSet.LabelledImage;
import io.efsnas.data.format.ImageSet.MemoryImage;
import io.efsnas.network.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Folders of JPEG and PNG files, one folder for each class, whose name is that of the class. Classes are numbered in the
 * order of their names, and images are read in the order of theirs. Hidden files and folders (whose names begin with a dot
 * or an underscore) and folders without a file are passed over.
 */
final class FolderReader implements ImageReader {

    /** The part of the heap that images may take, which leaves room for networks and batches. */
    private static final double LARGEST_PART_OF_HEAP = 0.6;

    private static final int NAMED = 5;

    private final ImageFiles files;
    private final Decoding decoding;
    private final List<String> classes;
    private final List<String> remarks = new ArrayList<>();

    /**
     * @param train the folders of the training images, which say what classes there are
     */
    FolderReader(ImageFiles files, Decoding decoding, List<String> train) {
        this.files = files;
        this.decoding = decoding;
        SortedSet<String> names = new TreeSet<>();
        for (String folder : train) {
            for (FileStatus inside : files.list(new Path(folder))) {
                if (contents(inside).stream().anyMatch(FolderReader::isImage)) {
                    names.add(inside.getPath().getName());
                }
            }
        }
        this.classes = List.copyOf(names);
    }

    @Override
    public List<Path> trainFiles(List<String> paths) {
        return testFiles(paths);
    }

    @Override
    public List<Path> testFiles(List<String> paths) {
        return paths.stream().map(Path::new).toList();
    }

    @Override
    public ImageSet read(Path folder) {
        List<Path> paths = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        List<String> passedOver = new ArrayList<>();
        for (FileStatus inside : files.list(folder)) {
            String name = inside.getPath().getName();
            List<FileStatus> contents = contents(inside);
            List<Path> images = contents.stream()
                    .filter(FolderReader::isImage)
                    .map(FileStatus::getPath)
                    .toList();
            if (images.isEmpty()) {
                passedOver.add(name);
                continue;
            }
            int label = classes.indexOf(name);
            if (label < 0) {
                throw new IllegalArgumentException(inside.getPath()
                        + " is no class of the training images; expected one of " + shortened(classes));
            }
            paths.addAll(images);
            labels.addAll(Collections.nCopies(images.size(), label));
            contents.stream()
                    .filter(file -> !isImage(file))
                    .forEach(file -> passedOver.add(name + "/" + file.getPath().getName()));
        }
        if (paths.isEmpty()) {
            throw new IllegalArgumentException(folder + " has no folder with images in it; expected a folder for each"
                    + " class, with JPEG or PNG files");
        }
        remark(folder, passedOver, "neither a class with images nor a visible file of one");
        return decoded(folder, paths, labels);
    }

    private ImageSet decoded(Path folder, List<Path> paths, List<Integer> labels) {
        Outcome first = decode(paths.get(0));
        if (first.image != null) {
            requireMemory(folder, (long) paths.size() * first.image.pixels().length, paths.size());
        }
        List<Outcome> outcomes = paths.stream().parallel().map(this::decode).toList();
        List<LabelledImage> images = new ArrayList<>();
        List<String> damaged = new ArrayList<>();
        Shape shape = null;
        for (int i = 0; i < paths.size(); i++) {
            Path path = paths.get(i);
            Outcome outcome = outcomes.get(i);
            if (outcome.image == null) {
                if (decoding.damaged() == Damaged.REFUSE || outcome.failure instanceof UncheckedIOException) {
                    throw outcome.failure;
                }
                damaged.add(path.getParent().getName() + "/" + path.getName());
                continue;
            }
            Shape found = outcome.image.shape();
            if (shape != null && !shape.equals(found)) {
                throw new IllegalArgumentException(path + " has " + found + " values, others have " + shape
                        + "; set data.side to the height and width that all get");
            }
            shape = found;
            images.add(new MemoryImage(outcome.image.pixels(), labels.get(i)));
        }
        if (shape == null) {
            throw new IllegalArgumentException(folder + " has no image that can be decoded");
        }
        remark(folder, damaged, "damaged");
        return new ImageSet(shape, images);
    }

    /** An image, or why there is none. Thrown by a thread of a parallel stream, an exception would lose its message. */
    private record Outcome(Decoded image, RuntimeException failure) {}

    private Outcome decode(Path file) {
        try {
            Decoded image = ImageDecoder.decode(files.read(file, InputStream::readAllBytes));
            Shape wanted = decoding.shape(image.shape());
            return new Outcome(
                    image.shape().equals(wanted) ? image : new Decoded(wanted, Resize.square(image, decoding.side())),
                    null);
        } catch (IOException e) {
            return new Outcome(
                    null,
                    new IllegalArgumentException(
                            file + " cannot be decoded: " + e.getMessage() + "; remove it, or set data.damaged = skip",
                            e));
        } catch (RuntimeException e) {
            return new Outcome(null, e);
        }
    }

    @Override
    public List<String> classNames(Path train, List<ImageSet> read) {
        return classes;
    }

    @Override
    public List<String> remarks() {
        return List.copyOf(remarks);
    }

    private void remark(Path folder, List<String> names, String why) {
        if (!names.isEmpty()) {
            remarks.add(folder + ": passed over what is " + why + ": " + shortened(names));
        }
    }

    private static String shortened(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(NAMED, names.size())))
                + (names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "");
    }

    private static void requireMemory(Path folder, long bytes, int images) {
        long heap = Runtime.getRuntime().maxMemory();
        if (bytes > LARGEST_PART_OF_HEAP * heap) {
            throw new IllegalArgumentException(
                    folder + " has " + images + " images, which take " + (bytes >> 20)
                            + " MiB, but the heap of this JVM has " + (heap >> 20)
                            + " MiB; lower data.side, give driver and executors more memory, or make shards of them with efsnas prepare");
        }
    }

    /** What is in the folder of a class; nothing if it is no visible folder. */
    private List<FileStatus> contents(FileStatus folder) {
        return folder.isDirectory() && ImageFiles.isVisible(folder.getPath())
                ? files.list(folder.getPath())
                : List.of();
    }

    private static boolean isImage(FileStatus inside) {
        return inside.isFile() && ImageFiles.isVisible(inside.getPath());
    }
}
