package io.efsnas.driver;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;

/** Small grey images of noise in a folder for each of four classes, which are of different brightness, and shards of them. */
record FolderOfImages(Path folder) {

    /** How many images {@link #write} writes. */
    static final int IMAGES = 240;

    static FolderOfImages write(Path folder) throws IOException {
        Random random = new Random(1);
        for (int i = 0; i < IMAGES; i++) {
            BufferedImage image = new BufferedImage(20 + i % 5, 24, BufferedImage.TYPE_INT_RGB);
            for (int at = 0; at < image.getWidth() * 24; at++) {
                image.setRGB(
                        at % image.getWidth(), at / image.getWidth(), (i % 4 * 60 + random.nextInt(70)) * 0x010101);
            }
            Path ofClass = Files.createDirectories(folder.resolve("class" + i % 4));
            ImageIO.write(image, "png", ofClass.resolve(i + ".png").toFile());
        }
        return new FolderOfImages(folder);
    }

    /** The arguments of {@code efsnas prepare} that make shards of 16 pixels, a quarter of them test images. */
    List<String> preparing(String shards) {
        return List.of(
                "prepare",
                "--from",
                folder.toString(),
                "--to",
                shards,
                "--size",
                "16",
                "--test-share",
                "0.25",
                "--images-per-shard",
                "50",
                "--master",
                "local[2]");
    }

    /** A search on these shards. */
    static TinySearch on(String shards, TinySearch search) {
        return search.with(
                        "data",
                        "{ format = shards, shrink = 1, train = [\"" + shards + "/train\"], test = [\"" + shards
                                + "/test\"], train-share = 0.7, validation-share = 0.3, limit = 0 }")
                .with("scoring.images", 40);
    }
}
