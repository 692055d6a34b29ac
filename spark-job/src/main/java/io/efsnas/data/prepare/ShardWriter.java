package io.efsnas.data.prepare;

import io.efsnas.data.format.Decoding.Damaged;
import io.efsnas.data.format.ImageDecoder;
import io.efsnas.data.format.ImageDecoder.Decoded;
import io.efsnas.data.format.ImageFiles;
import io.efsnas.data.format.Resize;
import io.efsnas.data.format.ShardFolder.Shard;
import io.efsnas.data.format.ShardIndex;
import io.efsnas.network.Shape;
import io.efsnas.storage.AtomicFile;
import io.efsnas.storage.FileSystems;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Writes shards as WebDataset has them: tar files in which two files of one name follow each other, an image and, ending in
 * {@code .cls}, the number of its class as text. Nothing but the images decides on the bytes of a shard.
 */
public final class ShardWriter {

    private static final int CHANNELS = 3;
    private static final int LEVELS = 256;
    /** Of a tar file: each file in it has a header of one, and fills whole ones. */
    private static final int BLOCK = 512;

    private final PrepareSpec spec;
    private final FileSystem target;
    private final ImageFiles files;

    public ShardWriter(PrepareSpec spec, Configuration hadoop) {
        this.spec = spec;
        this.target = FileSystems.of(new Path(spec.to()), hadoop);
        this.files = new ImageFiles(hadoop);
    }

    /**
     * Writes a shard, unless it is there and whole.
     *
     * @throws UncheckedIOException if an image cannot be read, or the shard not be written
     */
    public ShardReport write(ShardTask task) {
        Path folder = new Path(spec.to(), task.part());
        try {
            if (isWhole(folder, task.name())) {
                ShardIndex there = ShardIndex.read(folder, task.name(), files);
                return new ShardReport(false, there.shard().images(), there.damaged());
            }
            Content content = new Content(task);
            AtomicFile.write(target, ShardIndex.tar(folder, task.name()), content::writeTo);
            content.index().write(target, folder);
            return new ShardReport(true, content.images, content.damaged);
        } catch (DamagedException e) {
            return new ShardReport(false, 0, e.damaged);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + folder + "/" + task.name() + ": " + e.getMessage(), e);
        }
    }

    private boolean isWhole(Path folder, String name) throws IOException {
        Path tar = ShardIndex.tar(folder, name);
        if (!files.exists(ShardIndex.file(folder, name)) || !files.exists(tar)) {
            return false;
        }
        try {
            Shard shard = ShardIndex.read(folder, name, files).shard();
            return target.getFileStatus(tar).getLen() == shard.bytes()
                    && files.read(tar, DigestUtils::sha256Hex).equals(shard.sha256());
        } catch (IllegalArgumentException e) { // an index that is damaged
            return false;
        }
    }

    /** The names of damaged images that are not to be skipped. */
    private static final class DamagedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        @SuppressWarnings("serial") // never serialized
        private final List<String> damaged;

        DamagedException(List<String> damaged) {
            this.damaged = damaged;
        }
    }

    /** What is in one shard, while it is written. */
    private final class Content {

        private final ShardTask task;
        private final MessageDigest sha256 = DigestUtils.getSha256Digest();
        private final int[] labels;
        private final long[] offsets;
        private final int[] lengths;
        private final List<long[]> histograms = IntStream.range(0, CHANNELS)
                .mapToObj(channel -> new long[LEVELS])
                .toList();
        private final List<String> damaged = new ArrayList<>();
        private int images;
        private long bytes;

        Content(ShardTask task) {
            this.task = task;
            this.labels = new int[task.images().size()];
            this.offsets = new long[labels.length];
            this.lengths = new int[labels.length];
        }

        ShardIndex index() {
            return new ShardIndex(
                    new Shard(task.name(), images, bytes, HexFormat.of().formatHex(sha256.digest())),
                    Arrays.copyOf(labels, images),
                    Arrays.copyOf(offsets, images),
                    Arrays.copyOf(lengths, images),
                    histograms,
                    damaged);
        }

        /** @throws DamagedException if images are damaged that are not to be skipped */
        void writeTo(OutputStream out) throws IOException {
            TarArchiveOutputStream tar = new TarArchiveOutputStream(new DigestOutputStream(out, sha256), BLOCK);
            for (FoundImage image : task.images()) {
                byte[] file = files.read(new Path(spec.from(), image.path()), InputStream::readAllBytes);
                try {
                    add(tar, prepared(file), image.label());
                } catch (UndecodableException e) {
                    damaged.add(image.path() + ": " + e.getMessage());
                }
            }
            if (!damaged.isEmpty() && spec.damaged() == Damaged.REFUSE) {
                throw new DamagedException(damaged);
            }
            tar.finish();
            tar.flush();
            bytes += 2 * BLOCK; // its end
        }

        private void add(TarArchiveOutputStream tar, byte[] file, int label) throws IOException {
            String name = String.format(Locale.ROOT, "%s-%06d", task.name(), images);
            labels[images] = label;
            offsets[images] = bytes + BLOCK;
            lengths[images] = file.length;
            images++;
            put(tar, name + "." + StoredImage.ending(file), file);
            put(tar, name + ".cls", Integer.toString(label).getBytes(StandardCharsets.US_ASCII));
        }

        private void put(TarArchiveOutputStream tar, String name, byte[] file) throws IOException {
            TarArchiveEntry entry = new TarArchiveEntry(name);
            entry.setSize(file.length);
            entry.setModTime(0);
            tar.putArchiveEntry(entry);
            tar.write(file);
            tar.closeArchiveEntry();
            bytes += BLOCK + (file.length + BLOCK - 1) / BLOCK * (long) BLOCK;
        }

        /** The file as it goes into the shard. One that is small enough stays as it is. */
        private byte[] prepared(byte[] file) throws IOException {
            Decoded image;
            try {
                image = ImageDecoder.decode(file);
            } catch (IOException e) {
                throw new UndecodableException(e);
            }
            Shape shape = image.shape();
            boolean small = Math.min(shape.height(), shape.width()) <= spec.side();
            Decoded scaled = small ? image : Resize.whole(image, spec.side());
            count(scaled);
            return small ? file : StoredImage.encode(scaled, spec.encoding());
        }

        private void count(Decoded image) {
            Shape shape = image.shape();
            byte[] middle = Resize.square(image, Math.min(shape.height(), shape.width()));
            int plane = middle.length / CHANNELS;
            for (int i = 0; i < middle.length; i++) {
                histograms.get(i / plane)[Byte.toUnsignedInt(middle[i])]++;
            }
        }
    }

    /** An image file that makes no image, unlike one that cannot be read. */
    private static final class UndecodableException extends IOException {
        private static final long serialVersionUID = 1;

        UndecodableException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
