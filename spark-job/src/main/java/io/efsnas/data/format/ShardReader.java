package io.efsnas.data.format;

import io.efsnas.data.format.ImageSet.Known;
import io.efsnas.data.format.ShardFolder.Shard;
import io.efsnas.data.format.ShardImage.Tar;
import io.efsnas.network.Shape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Folders of shards as {@code efsnas prepare} writes them: tar files, and indexes that say where in them each image is. Only
 * the indexes are read; an image is decoded when it is asked for.
 */
final class ShardReader implements ImageReader {

    private static final int CHANNELS = 3;

    private final ImageFiles files;
    private final Decoding decoding;
    private final ShardFolder first;
    private final Path firstFolder;
    private final AtomicLong memory = new AtomicLong(ImageFormat.memoryOfShards());

    /**
     * @param train the folders of the training images, the first of which says what classes there are
     */
    ShardReader(ImageFiles files, Decoding decoding, List<String> train) {
        this.files = files;
        this.decoding = decoding;
        this.firstFolder = new Path(train.get(0));
        this.first = ShardFolder.read(firstFolder, files);
    }

    @Override
    public List<Path> trainFiles(List<String> paths) {
        return testFiles(paths);
    }

    @Override
    public List<Path> testFiles(List<String> paths) {
        return paths.stream().map(Path::new).toList();
    }

    @Override
    public ImageSet read(Path folder) {
        ShardFolder index = ShardFolder.read(folder, files);
        if (!index.classes().equals(first.classes())) {
            throw new IllegalArgumentException(ShardFolder.index(folder) + " has other classes than "
                    + ShardFolder.index(firstFolder) + "; prepare all images together");
        }
        int side = decoding.side() == 0 ? first.side() : decoding.side();
        Map<String, FileStatus> found = files.list(folder).stream()
                .collect(Collectors.toMap(file -> file.getPath().getName(), Function.identity()));
        List<Shard> shards = index.shards();
        List<ShardImage> images = new ArrayList<>(index.images());
        DecodingThreads.all(shards, shard -> ShardIndex.read(folder, shard.name(), files))
                .forEach(shard -> {
                    Tar tar = tar(folder, shard.shard(), found, side);
                    for (int i = 0; i < shard.labels().length; i++) {
                        images.add(new ShardImage(tar, shard.offsets()[i], shard.lengths()[i], shard.labels()[i]));
                    }
                });
        if (images.size() != index.images()) {
            throw new IllegalArgumentException(ShardFolder.index(folder) + " has " + index.images()
                    + " images, but its shards " + images.size() + "; prepare the images again");
        }
        String checksums = shards.stream().map(Shard::sha256).collect(Collectors.joining("\n"));
        return new ImageSet(
                new Shape(CHANNELS, side, side),
                images,
                Optional.of(new Known(
                        DigestUtils.sha256Hex(checksums.getBytes(StandardCharsets.US_ASCII)), index.histograms())));
    }

    private Tar tar(Path folder, Shard shard, Map<String, FileStatus> found, int side) {
        Path path = ShardIndex.tar(folder, shard.name());
        FileStatus file = found.get(path.getName());
        if (file == null || file.getLen() != shard.bytes()) {
            throw new IllegalArgumentException(
                    path + (file == null ? " does not exist" : " has " + file.getLen() + " bytes") + "; expected "
                            + shard.bytes() + " bytes; run efsnas prepare again, which writes what is missing");
        }
        return new Tar(files.fileSystem(path), file, side, memory);
    }

    @Override
    public List<String> classNames(Path train, List<ImageSet> read) {
        return first.classes();
    }
}
