package io.efsnas.data;

import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/** Finds and opens files through Hadoop, and turns what can go wrong into one line that names the file. */
final class ImageFiles {

    /** Makes something of a file's decompressed bytes. */
    @FunctionalInterface
    interface Decoder<T> {
        T decode(InputStream in) throws IOException;
    }

    private final Configuration hadoop;
    private final CompressionCodecFactory codecs;

    ImageFiles(Configuration hadoop) {
        this.hadoop = hadoop;
        this.codecs = new CompressionCodecFactory(hadoop);
    }

    /**
     * The files that paths stand for: a file for itself, a directory for the files of the given names in it.
     *
     * @throws IllegalArgumentException if a path or a file in a directory does not exist, or is a directory where the
     *     format has no names
     */
    List<Path> find(List<String> paths, List<String> names) {
        List<Path> found = new ArrayList<>();
        for (String name : paths) {
            Path path = new Path(name);
            if (!isDirectory(path)) {
                found.add(path);
                continue;
            }
            if (names.isEmpty()) {
                throw new IllegalArgumentException(
                        path + " is a directory; this format takes the image files themselves");
            }
            for (String inside : names) {
                Path file = new Path(path, inside);
                if (isDirectory(file)) {
                    throw new IllegalArgumentException(file + " is a directory; an image file is wanted");
                }
                found.add(file);
            }
        }
        return found;
    }

    /** Decodes a file, decompressed if its name ends as one of Hadoop's codecs says. */
    <T> T read(Path file, Decoder<T> decoder) {
        try (InputStream raw = fileSystem(file).open(file);
                InputStream in = decompressed(file, raw)) {
            return decoder.decode(in);
        } catch (FileNotFoundException e) {
            throw new IllegalArgumentException("cannot read " + file + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** The lines of a text file but for blank ones; none if there is no such file. */
    List<String> linesIfPresent(Path file) {
        try {
            if (!fileSystem(file).exists(file)) {
                return List.of();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
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

    private boolean isDirectory(Path path) {
        try {
            return fileSystem(path).getFileStatus(path).isDirectory();
        } catch (FileNotFoundException e) {
            throw new IllegalArgumentException(path + " does not exist", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    private FileSystem fileSystem(Path path) throws IOException {
        try {
            return path.getFileSystem(hadoop);
        } catch (UnsupportedFileSystemException | RuntimeException e) {
            // A RuntimeException is an unknown host, or a scheme that Hadoop knows but whose classes are missing, as
            // those of s3a are without hadoop-aws.
            throw new IllegalArgumentException(
                    path + ": " + e.getMessage() + "; accepted are file:, hdfs: and what else Hadoop is set up for", e);
        }
    }
}
