package io.efsnas.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.efsnas.data.Dataset;
import io.efsnas.data.DatasetSpec;
import io.efsnas.data.Normalization;
import io.efsnas.data.format.Decoding;
import io.efsnas.data.format.Decoding.Damaged;
import io.efsnas.data.format.ImageFormat;
import io.efsnas.data.format.ImageSet;
import io.efsnas.data.prepare.Preparation.Layout;
import io.efsnas.network.Shape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparationTest {

    private static final Configuration HADOOP = new Configuration();
    private static final int SIDE = 8;
    private static final Layout LAYOUT = new Layout(0, 0, 4);

    @TempDir
    private Path directory;

    private void image(String name, int height, int width, int seed) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(seed);
        for (int i = 0; i < height * width; i++) {
            image.setRGB(i % width, i / width, random.nextInt());
        }
        Path file = directory.resolve("images").resolve(name);
        Files.createDirectories(file.getParent());
        ImageIO.write(image, name.endsWith("jpg") ? "jpg" : "png", file.toFile());
    }

    /** Of several sizes, larger and smaller than the shards', in a folder for each class. */
    private void images(String within, int count, int seed) throws IOException {
        for (int i = 0; i < count; i++) {
            image(
                    within + (i % 2 == 0 ? "cat/" : "dog/") + i + (i % 3 == 0 ? ".jpg" : ".png"),
                    5 + i * 3,
                    19 + i % 4 * 3,
                    seed + i);
        }
    }

    private void write(String name, String content) throws IOException {
        Path file = directory.resolve("images").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private PrepareSpec spec(Damaged damaged) {
        return new PrepareSpec(
                directory.resolve("images").toString(), shards().toString(), SIDE, Encoding.PNG, damaged);
    }

    private Path shards() {
        return directory.resolve("shards");
    }

    private Preparation preparation(PrepareSpec spec, Layout layout, Optional<String> labels) {
        Optional<org.apache.hadoop.fs.Path> file = labels.map(name -> new org.apache.hadoop.fs.Path(
                directory.resolve("images").resolve(name).toString()));
        return new Preparation(spec, layout, file, HADOOP);
    }

    private List<ShardReport> prepare(PrepareSpec spec, Layout layout) {
        Preparation preparation = preparation(spec, layout, Optional.empty());
        preparation.begin();
        ShardWriter writer = new ShardWriter(spec, HADOOP);
        List<ShardReport> reports =
                preparation.tasks().stream().map(writer::write).toList();
        preparation.finish();
        return reports;
    }

    private Dataset dataset(ImageFormat format, Path train, Optional<Path> test, int side) {
        return Dataset.load(
                new DatasetSpec(
                        format,
                        new Decoding(side, Damaged.REFUSE),
                        List.of(train.toString()),
                        test.map(Path::toString).stream().toList(),
                        0.5,
                        0.5,
                        0,
                        1,
                        1),
                HADOOP);
    }

    /** Each image's label and pixels, in an order of their own. */
    private static List<String> contents(ImageSet images) {
        return IntStream.range(0, images.size())
                .mapToObj(i -> images.label(i) + " " + HexFormat.of().formatHex(images.pixels(i)))
                .sorted()
                .toList();
    }

    private static List<long[]> histograms(ImageSet images) {
        long[][] counts = new long[3][256];
        for (int i = 0; i < images.size(); i++) {
            byte[] pixels = images.pixels(i);
            for (int at = 0; at < pixels.length; at++) {
                counts[at / images.shape().pixels()][Byte.toUnsignedInt(pixels[at])]++;
            }
        }
        return Arrays.asList(counts);
    }

    @Test
    void shardsHaveThePixelsOfTheFolderAtTheirSize() throws IOException {
        images("train/", 13, 0);
        images("test/", 3, 100);
        Path folder = directory.resolve("images");
        prepare(spec(Damaged.REFUSE), LAYOUT);
        Dataset files = dataset(ImageFormat.FOLDER, folder.resolve("train"), Optional.of(folder.resolve("test")), SIDE);
        Dataset prepared =
                dataset(ImageFormat.SHARDS, shards().resolve("train"), Optional.of(shards().resolve("test")), 0);

        assertThat(prepared.shape()).isEqualTo(new Shape(3, SIDE, SIDE));
        assertThat(prepared.classNames()).isEqualTo(files.classNames());
        assertThat(prepared.train().inMemory()).isFalse();
        assertThat(contents(prepared.trainAndValidation())).isEqualTo(contents(files.trainAndValidation()));
        assertThat(contents(prepared.test())).isEqualTo(contents(files.test()));
        assertThat(dataset(ImageFormat.SHARDS, shards().resolve("train"), Optional.empty(), 5)
                        .shape())
                .isEqualTo(new Shape(3, 5, 5));
    }

    @Test
    void theNormalizationIsThatOfAllPreparedImages() throws IOException {
        for (int i = 0; i < 9; i++) {
            image((i % 2 == 0 ? "cat/" : "dog/") + i + ".png", SIDE + i, SIDE + 3, i);
        }
        prepare(spec(Damaged.REFUSE), LAYOUT);
        Dataset prepared = dataset(ImageFormat.SHARDS, shards().resolve("train"), Optional.empty(), SIDE);

        assertThat(prepared.normalization()).isEqualTo(Normalization.of(histograms(prepared.trainAndValidation())));
        assertThat(dataset(ImageFormat.SHARDS, shards().resolve("train"), Optional.empty(), 4)
                        .fingerprint())
                .isNotEqualTo(prepared.fingerprint());
    }

    @Test
    void aShardIsATarFileOfImagesAndTheirClasses() throws IOException {
        images("", 6, 0);
        prepare(spec(Damaged.REFUSE), LAYOUT);
        List<String> names = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        try (InputStream in = Files.newInputStream(shards().resolve("train/shard-000000.tar"));
                TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
            for (TarArchiveEntry entry = tar.getNextTarEntry(); entry != null; entry = tar.getNextTarEntry()) {
                names.add(entry.getName().replaceFirst("png$|jpg$", "image"));
                if (entry.getName().endsWith(".cls")) {
                    labels.add(new String(tar.readAllBytes(), StandardCharsets.US_ASCII));
                }
            }
        }

        assertThat(names)
                .containsExactlyElementsOf(IntStream.range(0, 4)
                        .boxed()
                        .flatMap(i -> Stream.of(".image", ".cls").map(ending -> "shard-000000-00000" + i + ending))
                        .toList());
        assertThat(labels).hasSize(4).isSubsetOf("0", "1");
    }

    @Test
    void onlyWhatIsMissingOrDamagedIsWrittenAgain() throws IOException {
        images("", 12, 0);
        assertThat(prepare(spec(Damaged.REFUSE), LAYOUT))
                .allMatch(ShardReport::written)
                .hasSize(3);
        byte[] first = Files.readAllBytes(shards().resolve("train/shard-000000.tar"));
        byte[] index = Files.readAllBytes(shards().resolve("train/index.json"));
        byte[] changed = first.clone();
        changed[700]++;
        Files.write(shards().resolve("train/shard-000000.tar"), changed);
        Files.delete(shards().resolve("train/shard-000001.json"));
        Files.delete(shards().resolve("train/index.json"));

        assertThat(prepare(spec(Damaged.REFUSE), LAYOUT))
                .extracting(ShardReport::written)
                .containsExactly(true, true, false);
        assertThat(shards().resolve("train/shard-000000.tar")).hasBinaryContent(first);
        assertThat(shards().resolve("train/index.json")).hasBinaryContent(index);
    }

    @Test
    void damagedImagesAreRefusedOrSkippedByName() throws IOException {
        images("", 8, 0);
        write("dog/cut.png", "not an image");
        Preparation refused = preparation(spec(Damaged.REFUSE), LAYOUT, Optional.empty());
        refused.begin();
        ShardWriter writer = new ShardWriter(spec(Damaged.REFUSE), HADOOP);

        List<ShardReport> reports = refused.tasks().stream().map(writer::write).toList();
        assertThat(reports).filteredOn(ShardReport::written).hasSize(2);
        assertThat(reports.stream().flatMap(report -> report.damaged().stream()))
                .containsExactly("dog/cut.png: it is no image; expected JPEG or PNG");

        assertThat(prepare(spec(Damaged.SKIP), LAYOUT))
                .filteredOn(ShardReport::written)
                .singleElement()
                .satisfies(report -> assertThat(report.damaged()).hasSize(1));
        assertThat(dataset(ImageFormat.SHARDS, shards().resolve("train"), Optional.empty(), 0)
                        .trainAndValidation()
                        .size())
                .isEqualTo(8);
    }

    @Test
    void aShareIsSetApartForTests() throws IOException {
        images("", 10, 0);
        prepare(spec(Damaged.REFUSE), new Layout(0.3, 5, 4));

        Dataset dataset =
                dataset(ImageFormat.SHARDS, shards().resolve("train"), Optional.of(shards().resolve("test")), SIDE);
        assertThat(dataset.trainAndValidation().size()).isEqualTo(7);
        assertThat(dataset.test().size()).isEqualTo(3);
        assertThat(contents(dataset.test())).doesNotContainAnyElementsOf(contents(dataset.trainAndValidation()));
    }

    @Test
    void validationImagesOfImageNetHaveTheirClassesInAFile() throws IOException {
        images("train/", 4, 0);
        for (int i = 0; i < 3; i++) {
            image("val/v" + i + ".JPEG", 9, 9, i);
        }
        List<List<Integer>> expected = List.of(List.of(1, 0, 1));
        for (String content : List.of(
                "v0.JPEG 1\nv1.JPEG 0\nv2.JPEG 1\n",
                "ImageId,PredictionString\nv2,dog 1 2 3 4\nv0,dog 5 6 7 8\nv1,cat 1 1 1 1 cat 2 2 2 2\n",
                "dog\ncat\ndog\n")) {
            write("labels.txt", content);
            List<Integer> labels = new ArrayList<>(List.of(-1, -1, -1));
            preparation(spec(Damaged.REFUSE), LAYOUT, Optional.of("labels.txt"))
                    .found()
                    .test()
                    .forEach(image -> labels.set(image.path().charAt("val/v".length()) - '0', image.label()));
            assertThat(List.of(labels)).as(content).isEqualTo(expected);
        }
    }

    @Test
    void whatDoesNotFitIsRefusedInALine() throws IOException {
        assertRefused(LAYOUT, Optional.empty(), "images does not exist");
        write("README", "x");
        assertRefused(LAYOUT, Optional.empty(), "has no folder with images in it; expected a folder for each class");
        images("train/", 4, 0);
        assertRefused(
                new Layout(0.01, 0, 4), Optional.empty(), "--test-share: 0.01 of 4 images leaves 0 to test and 4");
        image("val/1.JPEG", 9, 9, 1);
        assertRefused(LAYOUT, Optional.empty(), "with JPEG or PNG files, or --val-labels FILE");
        write("labels.txt", "489\n");
        assertRefused(LAYOUT, Optional.of("labels.txt"), "has the line '489'; expected the name of a class");
        write("labels.txt", "1.JPEG 2\n");
        assertRefused(LAYOUT, Optional.of("labels.txt"), "has the class '2'; expected the name of a class");
        write("labels.txt", "2.JPEG 1\n");
        assertRefused(LAYOUT, Optional.of("labels.txt"), "has no line for 1.JPEG; expected one for each image");
        write("labels.txt", "cat\ncat\n");
        assertRefused(LAYOUT, Optional.of("labels.txt"), "has 2 lines for 1 images; expected one for each");
        assertRefused(LAYOUT, Optional.of("none.txt"), "none.txt does not exist or is empty");
        Files.delete(directory.resolve("images/val/1.JPEG"));
        image("val/bird/1.JPEG", 9, 9, 1);
        assertRefused(LAYOUT, Optional.empty(), "val/bird is no class of the training images");
        Files.move(directory.resolve("images/val/bird"), directory.resolve("images/val/cat"));
        assertRefused(new Layout(0.5, 0, 4), Optional.empty(), "has test images of its own; expected 0");
    }

    @Test
    void aTargetIsNewOrHasTheSameShards() throws IOException {
        images("", 4, 0);
        Files.createDirectories(shards());
        Files.writeString(shards().resolve("mine.txt"), "x");
        assertThatThrownBy(() -> prepare(spec(Damaged.REFUSE), LAYOUT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("shards is not empty, and has no shards; expected a new folder");
        Files.delete(shards().resolve("mine.txt"));
        prepare(spec(Damaged.REFUSE), LAYOUT);

        assertThatThrownBy(() -> prepare(spec(Damaged.REFUSE), new Layout(0, 0, 2)))
                .hasMessageContaining("were begun with imagesPerShard = 4, not 2; expected the same, or a new folder");
        image("cat/new.png", 3, 3, 3);
        assertThatThrownBy(() -> prepare(spec(Damaged.REFUSE), LAYOUT))
                .hasMessageContaining("were begun with other images");
    }

    @Test
    void shardsThatAreNotAsTheirIndexSaysAreRefused() throws IOException {
        images("", 8, 0);
        Path train = shards().resolve("train");
        assertThatThrownBy(() -> dataset(ImageFormat.SHARDS, train, Optional.empty(), 0))
                .hasMessageContaining(
                        "index.json does not exist; expected a folder of shards as efsnas prepare writes it");
        prepare(spec(Damaged.REFUSE), LAYOUT);
        DatasetSpec shrunk = new DatasetSpec(
                ImageFormat.SHARDS, Decoding.AS_IT_IS, List.of(train.toString()), List.of(), 0.5, 0.5, 0, 2, 1);
        assertThatThrownBy(() -> Dataset.load(shrunk, HADOOP))
                .hasMessageContaining("data.shrink: 2 is not accepted with data.format = shards; set data.side");
        Path tar = train.resolve("shard-000001.tar");
        byte[] whole = Files.readAllBytes(tar);
        Files.write(tar, Arrays.copyOf(whole, 600));
        assertThatThrownBy(() -> dataset(ImageFormat.SHARDS, train, Optional.empty(), 0))
                .hasMessageContaining("shard-000001.tar has 600 bytes; expected " + whole.length + " bytes");
        Files.write(tar, new byte[whole.length]);
        assertThatThrownBy(() -> contents(
                        dataset(ImageFormat.SHARDS, train, Optional.empty(), 0).trainAndValidation()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageMatching("file:.*shard-000001.tar: the image of \\d+ bytes from byte \\d+ cannot be decoded:"
                        + " it is no image.*");
        Files.writeString(train.resolve("index.json"), "{");
        assertThatThrownBy(() -> dataset(ImageFormat.SHARDS, train, Optional.empty(), 0))
                .hasMessageContaining("index.json is damaged: ");
    }

    private void assertRefused(Layout layout, Optional<String> labels, String why) {
        assertThatThrownBy(() -> preparation(spec(Damaged.REFUSE), layout, labels))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }
}
