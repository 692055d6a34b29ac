package io.efsnas.data.format;

import io.efsnas.storage.FileSystems;
import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/** Finds and opens files through Hadoop, and turns what can go wrong into one line that names the file. */
public final class ImageFiles {

    /** Makes something of a file's decompressed bytes. */
    @FunctionalInterface
    public interface Decoder<T> {
        T decode(InputStream in) throws IOException;
    }

    private final Configuration hadoop;
    private final CompressionCodecFactory codecs;

    public ImageFiles(Configuration hadoop) {
        this.hadoop = hadoop;
        this.codecs = new CompressionCodecFactory(hadoop);
    }

    /**
     * The files that paths stand for: a file for itself, a directory for the files of the given names in it.
     *
     * @throws IllegalArgumentException if a path or a file in a directory does not exist, or is a directory where the
     *     format has no names
     */
    public List<Path> find(List<String> paths, List<String> names) {
        List<Path> found = new ArrayList<>();
        for (String name : paths) {
            Path path = new Path(name);
            if (!isExistingDirectory(path)) {
                found.add(path);
                continue;
            }
            if (names.isEmpty()) {
                throw new IllegalArgumentException(
                        path + " is a directory; this format takes the image files themselves");
            }
            for (String inside : names) {
                Path file = new Path(path, inside);
                if (isExistingDirectory(file)) {
                    throw new IllegalArgumentException(file + " is a directory; an image file is wanted");
                }
                found.add(file);
            }
        }
        return found;
    }

    /**
     * Decodes a file, decompressed if its name ends as one of Hadoop's codecs says.
     *
     * @throws IllegalArgumentException if the file is not there, or cannot be decompressed
     * @throws UncheckedIOException if reading fails
     */
    public <T> T read(Path file, Decoder<T> decoder) {
        FileSystem files = fileSystem(file);
        AtomicBoolean readable = new AtomicBoolean(true);
        try (InputStream raw = watched(files.open(file), readable);
                InputStream in = decompressed(file, raw)) {
            return decoder.decode(in);
        } catch (FileNotFoundException e) {
            throw new IllegalArgumentException("cannot read " + file + ": " + e.getMessage(), e);
        } catch (IOException e) {
            if (readable.get() && codecs.getCodec(file) != null) {
                throw new IllegalArgumentException(
                        file + " is damaged, or not compressed as its name says: " + e.getMessage(), e);
            }
            throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** A stream that notes whether it was the file that could not be read, and not its content. */
    private static InputStream watched(InputStream in, AtomicBoolean readable) {
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                return noting(super::read);
            }

            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                return noting(() -> in.read(bytes, from, length));
            }

            private int noting(Reading reading) throws IOException {
                try {
                    return reading.read();
                } catch (IOException e) {
                    readable.set(false);
                    throw e;
                }
            }
        };
    }

    @FunctionalInterface
    private interface Reading {
        int read() throws IOException;
    }

    /**
     * What is in a folder, ordered by name.
     *
     * @throws IllegalArgumentException if there is no such folder
     * @throws UncheckedIOException if reading fails
     */
    public List<FileStatus> list(Path folder) {
        if (!isExistingDirectory(folder)) {
            throw new IllegalArgumentException(folder + " is a file; expected a folder");
        }
        try {
            return Arrays.stream(fileSystem(folder).listStatus(folder))
                    .sorted(Comparator.comparing(inside -> inside.getPath().getName()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + folder + ": " + e.getMessage(), e);
        }
    }

    public boolean exists(Path path) {
        try {
            return fileSystem(path).exists(path);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    /** The lines of a text file but for blank ones; none if there is no such file. */
    public List<String> linesIfPresent(Path file) {
        if (!exists(file)) {
            return List.of();
        }
        return read(file, in -> new String(in.readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList());
    }

    private InputStream decompressed(Path file, InputStream raw) throws IOException {
        CompressionCodec codec = codecs.getCodec(file);
        return new BufferedInputStream(codec == null ? raw : codec.createInputStream(raw));
    }

    /** Whether there is a folder of this path. */
    public boolean isDirectory(Path path) {
        return exists(path) && isExistingDirectory(path);
    }

    /** Whether a file or folder is not hidden, as those are whose names begin with a dot or an underscore. */
    public static boolean isVisible(Path path) {
        return !path.getName().startsWith(".") && !path.getName().startsWith("_");
    }

    private boolean isExistingDirectory(Path path) {
        try {
            return fileSystem(path).getFileStatus(path).isDirectory();
        } catch (FileNotFoundException e) {
            throw new IllegalArgumentException(path + " does not exist", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    FileSystem fileSystem(Path path) {
        return FileSystems.of(path, hadoop);
    }
}
