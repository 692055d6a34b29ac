package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shards of a folder of images, and a search on them. */
class PrepareIT {

    private static final int IMAGES = 240;

    @TempDir
    private Path directory;

    private Path images() {
        return directory.resolve("images");
    }

    private Path shards() {
        return directory.resolve("shards");
    }

    private void writeImages() throws IOException {
        Random random = new Random(1);
        for (int i = 0; i < IMAGES; i++) {
            BufferedImage image = new BufferedImage(20 + i % 5, 24, BufferedImage.TYPE_INT_RGB);
            for (int at = 0; at < image.getWidth() * 24; at++) {
                image.setRGB(
                        at % image.getWidth(), at / image.getWidth(), (i % 4 * 60 + random.nextInt(70)) * 0x010101);
            }
            Path folder = Files.createDirectories(images().resolve("class" + i % 4));
            ImageIO.write(image, "png", folder.resolve(i + ".png").toFile());
        }
    }

    private CommandRun prepare(String... further) {
        List<String> arguments = new ArrayList<>(List.of("prepare", "--from", images().toString(), "--to"));
        arguments.addAll(List.of(shards().toString(), "--size", "16", "--test-share", "0.25", "--master", "local[2]"));
        arguments.addAll(List.of("--images-per-shard", "50"));
        arguments.addAll(List.of(further));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    /** Damaged images are refused, then skipped; what was written stays; the ranking depends on no number of threads. */
    @Test
    void aFolderIsPreparedResumedAndSearchedOn() throws IOException {
        writeImages();
        Files.writeString(images().resolve("class1/cut.png"), "no image");
        assertThat(prepare().mistake())
                .isEqualTo("1 of the images in file:" + images() + " cannot be decoded: class1/cut.png: it is no image;"
                        + " expected JPEG or PNG; remove them and give another --to, or give --damaged skip");
        String resumed = prepare("--damaged", "skip").succeeded().out();
        assertThat(resumed)
                .contains("prepared   240 images of 4 classes in 6 shards, 5 of which were there")
                .contains("skipped    1 damaged images: class1/cut.png: it is no image; expected JPEG or PNG")
                .contains("use with   data { format = shards, train = [\"file:" + shards()
                        + "/train\"], test = [\"file:" + shards() + "/test\"], side = 16 }");
        assertThat(prepare("--damaged", "skip", "--seed", "1").mistake())
                .contains("were begun with seed = 0, not 1; expected the same, or a new folder");

        Path config = TinySearch.settings()
                .with(
                        "data",
                        "{ format = shards, shrink = 1, train = [\"" + shards() + "/train\"], test = [\"" + shards()
                                + "/test\"], train-share = 0.7, validation-share = 0.3, limit = 0 }")
                .with("scoring.images", 40)
                .writeTo(directory);
        CommandRun.search(config, directory.resolve("run")).succeeded();
        CommandRun.search(config, directory.resolve("alone"), "--master", "local[1]")
                .succeeded();

        assertThat(Csv.ranking(directory.resolve("run"))).hasSize(12);
        assertThat(directory.resolve("alone/ranking.csv")).hasSameBinaryContentAs(directory.resolve("run/ranking.csv"));
    }
}
