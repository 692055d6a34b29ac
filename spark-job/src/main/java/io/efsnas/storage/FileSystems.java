package io.efsnas.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/** Finds the file systems of paths that users give. */
public final class FileSystems {

    private FileSystems() {}

    /**
     * A path of this text.
     *
     * @param what the path is for, such as {@code --output}
     * @throws IllegalArgumentException naming it if the text is no path
     */
    public static Path path(String what, String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException(what + " is empty; expected a path");
        }
        try {
            return new Path(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(what + " " + text + " is not a path: " + reason(e), e);
        }
    }

    /** Hadoop's reason without the name of an exception's class before it. */
    private static String reason(IllegalArgumentException e) {
        return String.valueOf(e.getMessage()).replaceFirst("^[\\w.$]+(?:Exception|Error): ", "");
    }

    /**
     * The file system of a path.
     *
     * @throws IllegalArgumentException naming the path if Hadoop has no file system for it
     * @throws UncheckedIOException naming the path if its file system cannot be reached
     */
    public static FileSystem of(Path path, Configuration hadoop) {
        try {
            return path.getFileSystem(hadoop);
        } catch (UnsupportedFileSystemException e) {
            throw unknown(path, e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot reach the file system of " + path + ": " + e.getMessage(), e);
        } catch (RuntimeException e) { // a scheme that Hadoop knows but whose classes are missing, or an unknown host
            throw unknown(path, e);
        }
    }

    private static IllegalArgumentException unknown(Path path, Exception cause) {
        String scheme = path.toUri().getScheme();
        boolean withoutClasses = String.valueOf(cause.getMessage()).contains("ClassNotFoundException");
        String reason = withoutClasses
                ? "the classes for " + scheme + ": are not on the class path"
                        + ("s3a".equals(scheme) ? "; put hadoop-aws there" : "")
                : String.valueOf(cause.getMessage()).replaceFirst("^(?:[\\w.$]+(?:Exception|Error): )+", "");
        return new IllegalArgumentException(
                path + ": " + reason + "; accepted are file:, hdfs: and what else Hadoop is set up for", cause);
    }
}
