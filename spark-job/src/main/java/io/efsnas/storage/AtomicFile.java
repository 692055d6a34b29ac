package io.efsnas.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.util.EnumSet;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.Options.CreateOpts;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;

/**
 * Writes a file under a temporary name beside its place and renames it there, so that a reader never sees half of it.
 * The rename replaces an older file in one step where the file system can (local, HDFS).
 */
public final class AtomicFile {

    /** Begins the names of files that are being written. */
    public static final String TEMPORARY_PREFIX = ".writing-";

    /** Writes a file's content; the stream is closed by the caller. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private AtomicFile() {}

    /** Writes or replaces {@code path}; after an error an older file is still there, and no temporary one is left. */
    public static void write(Path path, Configuration hadoop, Content content) throws IOException {
        FileContext files = FileContext.getFileContext(path.toUri(), hadoop);
        Path temporary = new Path(path.getParent(), TEMPORARY_PREFIX + UUID.randomUUID() + "-" + path.getName());
        try {
            try (OutputStream out = files.create(temporary, EnumSet.of(CreateFlag.CREATE), CreateOpts.createParent())) {
                content.writeTo(out);
            }
            files.rename(temporary, path, Rename.OVERWRITE);
        } catch (IOException | RuntimeException e) {
            files.delete(temporary, false);
            throw e;
        }
    }
}
