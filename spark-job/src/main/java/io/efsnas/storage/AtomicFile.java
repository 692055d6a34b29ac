package io.efsnas.storage;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/**
 * Files that appear under their name only when they are complete. A file is written under a temporary name of its own in
 * the same directory and renamed, so that two writers of one file cannot mix what they write.
 *
 * <p>An earlier file of the name is replaced in one step on HDFS and on local file systems, where the files therefore
 * have no checksum file of Hadoop's beside them: two files cannot be renamed in one step. Object stores copy to the name
 * when they rename; a writer killed just then leaves no file, or the complete one, but never a part of it.
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
            try (OutputStream out = open(files, temporary)) {
                content.writeTo(out);
            }
            replace(files, temporary, path);
        } catch (IOException e) {
            discard(files, temporary, e);
            throw cannotWrite(path, e);
        } catch (FSError e) { // how Hadoop's local file system tells of a full disk
            discard(files, temporary, e);
            throw cannotWrite(path, new IOException(e.getCause().getMessage(), e));
        } catch (RuntimeException e) {
            discard(files, temporary, e);
            throw e;
        }
    }

    /** Writes a file of these bytes, as {@link #write(FileSystem, Path, Content)}. */
    public static void write(FileSystem files, Path path, byte[] content) {
        write(files, path, out -> out.write(content));
    }

    /**
     * Writes a short file unless one of the name is there: of several processes that try, only one does, except on object
     * stores, which cannot tell. The file may be read before it is complete.
     *
     * @return whether the file was written
     */
    public static boolean create(FileSystem files, Path path, byte[] content) throws IOException {
        try {
            if (files instanceof LocalFileSystem local) {
                java.nio.file.Path file = local.pathToFile(path).toPath();
                Files.createDirectories(file.getParent());
                createLocal(file, content);
            } else {
                try (OutputStream out = files.create(path, false)) {
                    out.write(content);
                }
            }
            return true;
        } catch (FileAlreadyExistsException | org.apache.hadoop.fs.FileAlreadyExistsException e) {
            return false;
        }
    }

    private static void createLocal(java.nio.file.Path file, byte[] content) throws IOException {
        try {
            Files.write(file, content, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (IOException e) {
            Files.deleteIfExists(file); // as when the disk is full
            throw e;
        }
    }

    /** A new file; on local file systems without Hadoop, which starts a process to set the permissions of each. */
    private static OutputStream open(FileSystem files, Path path) throws IOException {
        if (files instanceof LocalFileSystem local) {
            local.getRawFileSystem().mkdirs(path.getParent());
            return new BufferedOutputStream(new FileOutputStream(local.pathToFile(path)));
        }
        return files.create(path, false);
    }

    private static void discard(FileSystem files, Path temporary, Throwable because) {
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
            if (files instanceof LocalFileSystem local) {
                Files.move(
                        local.pathToFile(complete).toPath(),
                        local.pathToFile(path).toPath(),
                        StandardCopyOption.ATOMIC_MOVE);
            } else {
                FileContext.getFileContext(files.getUri(), files.getConf())
                        .rename(files.makeQualified(complete), files.makeQualified(path), Options.Rename.OVERWRITE);
            }
        } catch (IOException e) {
            throw cannotWrite(path, e);
        }
    }

    private static UncheckedIOException cannotWrite(Path path, IOException cause) {
        return new UncheckedIOException("cannot write " + path + ": " + cause.getMessage(), cause);
    }
}
