package io.efsnas.data.prepare;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.efsnas.data.Permutation;
import io.efsnas.data.format.ImageFiles;
import io.efsnas.data.format.ShardFolder;
import io.efsnas.data.format.ShardFolder.Shard;
import io.efsnas.data.format.ShardIndex;
import io.efsnas.random.KeyedRandom;
import io.efsnas.storage.AtomicFile;
import io.efsnas.storage.FileSystems;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Turns a folder of images into shards: says which are to be written, each of which {@link ShardWriter} writes wherever it
 * is told to, and writes the indexes when all are there. Images are in the shards in random order, so that those who read
 * shards from the beginning to the end see all classes.
 */
public final class Preparation {

    /** How images are spread over shards. */
    public record Layout(double testShare, long seed, int imagesPerShard) {}

    /** The folders of training and test images in a target. */
    public static final String TRAIN = "train";

    public static final String TEST = "test";

    private static final String PLAN = "plan.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrepareSpec spec;
    private final Layout layout;
    private final FoundImages found;
    private final FileSystem target;
    private final ImageFiles files;

    /**
     * Looks for the images.
     *
     * @param labels the file with the classes of the files in {@code val}, if these are in no folders of classes
     * @throws IllegalArgumentException if there are no images, naming what is not as it has to be
     */
    public Preparation(PrepareSpec spec, Layout layout, Optional<Path> labels, Configuration hadoop) {
        this.spec = spec;
        this.layout = layout;
        this.files = new ImageFiles(hadoop);
        this.target = FileSystems.of(new Path(spec.to()), hadoop);
        FoundImages inFolder = FoundImages.in(new Path(spec.from()), labels, files);
        if (layout.testShare() > 0 && !inFolder.test().isEmpty()) {
            throw new IllegalArgumentException("--test-share: " + layout.testShare() + " is not accepted, since "
                    + spec.from() + " has test images of its own; expected 0");
        }
        this.found = shuffled(inFolder);
        if (found.train().isEmpty() || (layout.testShare() > 0 && found.test().isEmpty())) {
            throw new IllegalArgumentException("--test-share: " + layout.testShare() + " of "
                    + inFolder.train().size() + " images leaves " + found.test().size() + " to test and "
                    + found.train().size() + " to train; expected at least 1 each");
        }
    }

    private FoundImages shuffled(FoundImages inFolder) {
        List<FoundImage> train = shuffled(inFolder.train(), 0);
        List<FoundImage> test = shuffled(inFolder.test(), 1);
        if (layout.testShare() > 0) {
            int count = (int) Math.round(train.size() * layout.testShare());
            test = train.subList(0, count);
            train = train.subList(count, train.size());
        }
        return new FoundImages(inFolder.classes(), train, test, inFolder.passedOver());
    }

    private List<FoundImage> shuffled(List<FoundImage> images, long key) {
        int[] order = Permutation.of(images.size(), KeyedRandom.of(layout.seed(), KeyedRandom.Purpose.SHARDS, key));
        return Arrays.stream(order).mapToObj(images::get).toList();
    }

    /** What was found. */
    public FoundImages found() {
        return found;
    }

    /**
     * Takes possession of the target.
     *
     * @throws IllegalArgumentException if something else is in it, or shards that were prepared otherwise
     * @throws UncheckedIOException if it cannot be read or written
     */
    public void begin() {
        Path to = new Path(spec.to());
        Path file = new Path(to, PLAN);
        PreparationPlan plan = new PreparationPlan(
                ShardFolder.FORMAT,
                spec.side(),
                spec.encoding().toString(),
                layout.testShare(),
                layout.seed(),
                layout.imagesPerShard(),
                checksum());
        try {
            if (files.exists(file)) {
                requireSame(to, files.read(file, InputStream::readAllBytes), plan);
            } else if (files.exists(to) && !files.list(to).isEmpty()) {
                throw new IllegalArgumentException(
                        "--to: " + to
                                + " is not empty, and has no shards; expected a new folder, or one of an earlier efsnas prepare");
            } else {
                AtomicFile.write(target, file, JSON.writeValueAsBytes(plan));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    private static void requireSame(Path to, byte[] before, PreparationPlan plan) throws IOException {
        TypeReference<Map<String, Object>> type = new TypeReference<>() {};
        Map<String, Object> theirs;
        try {
            theirs = JSON.readValue(before, type);
        } catch (IOException e) {
            throw new IllegalArgumentException("--to: " + new Path(to, PLAN) + " is damaged: expected a new folder", e);
        }
        Map<String, Object> ours = JSON.readValue(JSON.writeValueAsBytes(plan), type);
        for (Map.Entry<String, Object> each : ours.entrySet()) {
            if (!each.getValue().equals(theirs.get(each.getKey()))) {
                throw new IllegalArgumentException("--to: the shards in " + to + " were begun "
                        + (each.getKey().equals("images")
                                ? "with other images"
                                : "with " + each.getKey() + " = " + theirs.get(each.getKey()) + ", not "
                                        + each.getValue())
                        + "; expected the same, or a new folder");
            }
        }
    }

    private String checksum() {
        MessageDigest digest = DigestUtils.getSha256Digest();
        for (List<FoundImage> part : List.of(found.train(), found.test())) {
            for (FoundImage image : part) {
                digest.update((image.label() + " " + image.bytes() + " " + image.path() + "\n")
                        .getBytes(StandardCharsets.UTF_8));
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The shards, of training images first. */
    public List<ShardTask> tasks() {
        List<ShardTask> tasks = new ArrayList<>(tasks(TRAIN, found.train()));
        tasks.addAll(tasks(TEST, found.test()));
        return tasks;
    }

    private List<ShardTask> tasks(String part, List<FoundImage> images) {
        int most = layout.imagesPerShard();
        return IntStream.range(0, (images.size() + most - 1) / most)
                .mapToObj(shard -> new ShardTask(
                        part,
                        String.format(Locale.ROOT, "shard-%06d", shard),
                        List.copyOf(images.subList(shard * most, Math.min(images.size(), (shard + 1) * most)))))
                .toList();
    }

    /**
     * Writes the indexes, after all shards.
     *
     * @throws IllegalArgumentException if no image of a part could be decoded
     * @throws UncheckedIOException if a shard cannot be read, or an index not be written
     */
    public void finish() {
        finish(TRAIN, found.train());
        if (!found.test().isEmpty()) {
            finish(TEST, found.test());
        }
    }

    private void finish(String part, List<FoundImage> images) {
        Path folder = new Path(spec.to(), part);
        List<Shard> shards = new ArrayList<>();
        List<String> damaged = new ArrayList<>();
        List<long[]> histograms = new ArrayList<>();
        for (ShardTask task : tasks(part, images)) {
            ShardIndex shard = ShardIndex.read(folder, task.name(), files);
            shards.add(shard.shard());
            damaged.addAll(shard.damaged());
            for (int channel = 0; channel < shard.histograms().size(); channel++) {
                long[] more = shard.histograms().get(channel);
                if (histograms.size() == channel) {
                    histograms.add(new long[more.length]);
                }
                long[] sum = histograms.get(channel);
                Arrays.setAll(sum, level -> sum[level] + more[level]);
            }
        }
        int count = shards.stream().mapToInt(Shard::images).sum();
        if (count == 0) {
            throw new IllegalArgumentException("--from: none of the " + images.size() + " images for " + folder
                    + " can be decoded; expected JPEG or PNG files");
        }
        try {
            new ShardFolder(ShardFolder.FORMAT, spec.side(), found.classes(), count, histograms, damaged, shards)
                    .write(target, folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + ShardFolder.index(folder) + ": " + e.getMessage(), e);
        }
    }
}
