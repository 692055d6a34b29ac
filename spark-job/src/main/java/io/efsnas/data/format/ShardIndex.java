package io.efsnas.data.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.efsnas.data.format.ShardFolder.Shard;
import io.efsnas.storage.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What a shard has, in a JSON file beside the tar file: written when that is complete. Arrays have an entry for each image.
 *
 * @param shard the tar file
 * @param labels the classes, from 0
 * @param offsets where in the tar file the image files begin
 * @param lengths the lengths of the image files
 * @param histograms how often each of the 256 pixel values occurs in each channel, in the middle squares of the images
 * @param damaged names of files that could not be decoded and have no image here
 */
public record ShardIndex(
        Shard shard, int[] labels, long[] offsets, int[] lengths, List<long[]> histograms, List<String> damaged) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The tar file of a shard. */
    public static Path tar(Path folder, String shard) {
        return new Path(folder, shard + ".tar");
    }

    /** The file of a shard's index. */
    public static Path file(Path folder, String shard) {
        return new Path(folder, shard + ".json");
    }

    /**
     * The index of a shard.
     *
     * @throws IllegalArgumentException naming the file if it is not there, or is no such index
     */
    public static ShardIndex read(Path folder, String shard, ImageFiles files) {
        Path file = file(folder, shard);
        ShardIndex read = parse(file, files, ShardIndex.class);
        int images = read.shard.images();
        if (read.labels.length != images || read.offsets.length != images || read.lengths.length != images) {
            throw new IllegalArgumentException(file + " does not have a label, an offset and a length for each of "
                    + images + " images; prepare the images again");
        }
        return read;
    }

    /** Writes the index of a shard. */
    public void write(FileSystem files, Path folder) throws IOException {
        write(files, file(folder, shard.name()), this);
    }

    static void write(FileSystem files, Path file, Object index) throws IOException {
        AtomicFile.write(files, file, JSON.writeValueAsBytes(index));
    }

    static <T> T parse(Path file, ImageFiles files, Class<T> type) {
        byte[] json = files.read(file, InputStream::readAllBytes);
        try {
            T read = JSON.readValue(json, type);
            if (read == null) {
                throw new IllegalArgumentException(file + " is empty; expected what efsnas prepare writes");
            }
            return read;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    file + " is damaged: " + e.getOriginalMessage() + "; expected what efsnas prepare writes", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " is damaged: " + e.getMessage(), e);
        }
    }
}
