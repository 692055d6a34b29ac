package io.efsnas.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.UUID;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/**
 * Files that appear under their name only when they are complete. A file is written under a temporary name of its own in
 * the same directory and renamed, so that two writers of one file cannot mix what they write.
 *
 * <p>An earlier file of the name is replaced by {@link FileContext#rename} with {@code OVERWRITE}, which HDFS does in
 * one step; the local file system removes the earlier file just before.
 */
public final class AtomicFile {

    /** Writes a file's content; the stream is closed by the caller. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private AtomicFile() {}

    /** A new name beside {@code path} that its content is written under first. */
    public static Path temporary(Path path) {
        return new Path(path.getParent(), "." + path.getName() + "." + UUID.randomUUID() + ".tmp");
    }

    /**
     * Writes a file, in place of an earlier one if there is one.
     *
     * @throws UncheckedIOException naming the file if it cannot be written; an earlier one is then still there
     */
    public static void write(FileSystem files, Path path, Content content) {
        Path temporary = temporary(path);
        try {
            try (OutputStream out = files.create(temporary, false)) {
                content.writeTo(out);
            }
            replace(files, temporary, path);
        } catch (IOException e) {
            discard(files, temporary, e);
            throw cannotWrite(path, e);
        } catch (RuntimeException e) {
            discard(files, temporary, e);
            throw e;
        }
    }

    /** Writes a file of these bytes, as {@link #write(FileSystem, Path, Content)}. */
    public static void write(FileSystem files, Path path, byte[] content) {
        write(files, path, out -> out.write(content));
    }

    private static void discard(FileSystem files, Path temporary, Exception because) {
        try {
            files.delete(temporary, false);
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }

    /**
     * Gives a complete file its final name, in place of an earlier one if there is one.
     *
     * @throws UncheckedIOException naming {@code path} if the file cannot be renamed
     */
    public static void replace(FileSystem files, Path complete, Path path) {
        try {
            FileContext.getFileContext(files.getUri(), files.getConf())
                    .rename(files.makeQualified(complete), files.makeQualified(path), Options.Rename.OVERWRITE);
        } catch (IOException e) {
            throw cannotWrite(path, e);
        }
    }

    private static UncheckedIOException cannotWrite(Path path, IOException cause) {
        return new UncheckedIOException("cannot write " + path + ": " + cause.getMessage(), cause);
    }
}
