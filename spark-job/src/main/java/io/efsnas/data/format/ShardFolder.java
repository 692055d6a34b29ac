package io.efsnas.data.format;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A folder of shards, which is {@value #INDEX}: written when all of its shards are there.
 *
 * @param format {@link #FORMAT}
 * @param side the smaller side of the images at most
 * @param classes their names, in the order of the labels
 * @param images in all shards
 * @param histograms how often each of the 256 pixel values occurs in each channel, in the middle squares of all images
 * @param damaged names of files that could not be decoded and have no image here
 * @param shards in their order
 */
public record ShardFolder(
        String format,
        int side,
        List<String> classes,
        int images,
        List<long[]> histograms,
        List<String> damaged,
        List<Shard> shards) {

    public static final String FORMAT = "efsnas-shards-1";
    static final String INDEX = "index.json";

    /**
     * One of the shards.
     *
     * @param name that of its files without their endings
     * @param bytes of the tar file
     * @param sha256 of the tar file, in hexadecimal digits
     */
    public record Shard(String name, int images, long bytes, String sha256) {}

    /** The index of a folder. */
    public static Path index(Path folder) {
        return new Path(folder, INDEX);
    }

    /**
     * The index of a folder.
     *
     * @throws IllegalArgumentException naming the file if there is none, or it is no such index
     */
    public static ShardFolder read(Path folder, ImageFiles files) {
        Path index = index(folder);
        if (!files.exists(index)) {
            throw new IllegalArgumentException(index
                    + " does not exist; expected a folder of shards as efsnas prepare writes it, such as TARGET/train");
        }
        ShardFolder read = ShardIndex.parse(index, files, ShardFolder.class);
        if (!FORMAT.equals(read.format)) {
            throw new IllegalArgumentException(index + " is of the format " + read.format + "; expected " + FORMAT
                    + ", as efsnas prepare writes it");
        }
        return read;
    }

    /** Writes the index of a folder. */
    public void write(FileSystem files, Path folder) throws IOException {
        ShardIndex.write(files, index(folder), this);
    }
}
