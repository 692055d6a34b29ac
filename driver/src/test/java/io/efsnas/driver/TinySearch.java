package io.efsnas.driver;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The settings of a search that ends within seconds: three small supernets of NAS-Bench-201 that train for a few steps on
 * 360 of the bundled images, reduced to 4x4 pixels, and score four architectures each. A test states what it changes.
 */
final class TinySearch {

    /** The folder of the bundled images. */
    static final Path BUNDLED =
            Path.of("../conf/data/fashion-mnist").toAbsolutePath().normalize();

    private static final String SETTINGS =
            """
            seed = 7
            space.groups = [[0, 1], [2], [3]]
            network { channels = 2, cells = 1 }
            data {
              train = ["%s"]
              train-share = 0.6
              validation-share = 0.2
              limit = 600
              shrink = 7
            }
            supernet { engine = vector, channels = 2, cells = 1 }
            training { steps = 6, rounds = 3, batch = 16, augmentation.crop-padding = 1 }
            scoring { batch = 50, images = 100, architectures = 4 }
            """
                    .formatted(BUNDLED.resolve("t10k-images-idx3-ubyte.gz"));

    private final String settings;

    private TinySearch(String settings) {
        this.settings = settings;
    }

    static TinySearch settings() {
        return new TinySearch(SETTINGS);
    }

    /** The same with another value of a key, or with values of some keys of a section: {@code { epochs = 1 }}. */
    TinySearch with(String key, Object value) {
        return new TinySearch(settings + key + " = " + value + "\n");
    }

    /** The same with images of the size that they have in their files, 28x28 pixels. */
    TinySearch withWholeImages() {
        return with("data.shrink", 1).with("training.augmentation.crop-padding", 4);
    }

    /** The same with two supernets, as many as the clusters of tests have executors. */
    TinySearch withTwoSupernets() {
        return with("space.groups", "[[0, 1, 2], [3]]");
    }

    /** The same with supernets that do not come of a common one, so that all rounds are of all of them. */
    TinySearch withIndependentSupernets() {
        return with("training.sharing.mode", "independent");
    }

    /** The same over another space and with all stages: an evolution selects, and what it selects is retrained. */
    TinySearch ofSpace(String space, int generations) {
        return with("space.name", space)
                .with("selection.strategy", "evolution")
                .with(
                        "selection.evolution",
                        "{ population = 6, generations = %d, parents = 2, crossover = 2, mutation = 2 }"
                                .formatted(generations))
                .with("retrain", "{ enabled = true, epochs = 1, batch = 32 }");
    }

    Config config() {
        return ConfigFactory.parseString(settings);
    }

    /** Writes them to a file, which is given. */
    Path writeTo(Path directory) throws IOException {
        return Files.writeString(directory.resolve("tiny.conf"), settings);
    }
}
