package io.efsnas.driver.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/**
 * Files that appear under their name only when they are complete. A file is written under a temporary name in the same
 * directory and renamed; what a killed run left under the temporary name is overwritten by the next.
 *
 * <p>An earlier file of the name is replaced by {@link FileContext#rename} with {@code OVERWRITE}, which HDFS does in
 * one step; the local file system removes the earlier file just before.
 */
public final class AtomicFile {

    private AtomicFile() {}

    /** The name beside {@code path} that its content is written under first. */
    public static Path temporary(Path path) {
        return new Path(path.getParent(), "." + path.getName() + ".tmp");
    }

    /**
     * Writes a file, in place of an earlier one if there is one.
     *
     * @throws UncheckedIOException naming the file if it cannot be written
     */
    public static void write(FileSystem files, Path path, byte[] content) {
        Path temporary = temporary(path);
        try (OutputStream out = files.create(temporary, true)) {
            out.write(content);
        } catch (IOException e) {
            throw cannotWrite(path, e);
        }
        replace(files, temporary, path);
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
