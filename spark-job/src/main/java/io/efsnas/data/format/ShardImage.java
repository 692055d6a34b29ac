package io.efsnas.data.format;

import io.efsnas.data.format.ImageDecoder.Decoded;
import io.efsnas.data.format.ImageSet.LabelledImage;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;

/** An image in a shard, decoded whenever it is asked for until there was memory to keep it. */
final class ShardImage implements LabelledImage {

    /**
     * A tar file with images.
     *
     * @param side the height and width that images get
     * @param memory what is left, in bytes, to keep decoded images of all shards
     */
    record Tar(FileSystem files, FileStatus file, int side, AtomicLong memory) {

        byte[] read(long offset, int length) throws IOException {
            byte[] bytes = new byte[length];
            // With its status a file is opened on object stores without asking for it again.
            try (FSDataInputStream in = files.openFile(file.getPath())
                    .opt("fs.option.openfile.read.policy", "random")
                    .withFileStatus(file)
                    .build()
                    .get()) {
                in.readFully(offset, bytes);
                return bytes;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            } catch (ExecutionException e) {
                throw new IOException(e.getCause().getMessage(), e.getCause());
            }
        }
    }

    private final Tar tar;
    private final long offset;
    private final int length;
    private final int label;
    private volatile byte[] kept;

    /**
     * @param offset where in the tar file the image file begins
     * @param length of the image file
     */
    ShardImage(Tar tar, long offset, int length, int label) {
        this.tar = tar;
        this.offset = offset;
        this.length = length;
        this.label = label;
    }

    @Override
    public int label() {
        return label;
    }

    @Override
    public byte[] pixels() {
        byte[] pixels = kept;
        if (pixels == null) {
            pixels = decoded();
            keep(pixels);
        }
        return pixels;
    }

    private synchronized void keep(byte[] pixels) {
        if (kept == null
                && tar.memory.getAndUpdate(left -> left >= pixels.length ? left - pixels.length : left)
                        >= pixels.length) {
            kept = pixels;
        }
    }

    private byte[] decoded() {
        byte[] file;
        try {
            file = tar.read(offset, length);
        } catch (EOFException e) {
            throw damaged("it ends before", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + tar.file.getPath() + ": " + e.getMessage(), e);
        }
        try {
            Decoded image = ImageDecoder.decode(file);
            return Resize.square(image, tar.side);
        } catch (IOException e) {
            throw damaged(e.getMessage(), e);
        }
    }

    private IllegalStateException damaged(String why, IOException cause) {
        return new IllegalStateException(
                tar.file.getPath() + ": the image of " + length + " bytes from byte " + offset + " cannot be decoded: "
                        + why + "; run efsnas prepare again, which replaces shards that are damaged",
                cause);
    }
}
