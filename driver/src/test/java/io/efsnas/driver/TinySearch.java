package io.efsnas.driver;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The settings of a search that ends within seconds: three small supernets of NAS-Bench-201 that train for a few steps on
 * 360 of the bundled images and score four architectures each. A test states what it changes.
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
            }
            supernet { engine = vector, channels = 2, cells = 1 }
            training { steps = 6, rounds = 3, batch = 16 }
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

    /** The same with two supernets, as many as the clusters of tests have executors. */
    TinySearch withTwoSupernets() {
        return with("space.groups", "[[0, 1, 2], [3]]");
    }

    /** The same with supernets that do not come of a common one, so that all rounds are of all of them. */
    TinySearch withIndependentSupernets() {
        return with("training.sharing.mode", "independent");
    }

    Config config() {
        return ConfigFactory.parseString(settings);
    }

    /** Writes them to a file, which is given. */
    Path writeTo(Path directory) throws IOException {
        return Files.writeString(directory.resolve("tiny.conf"), settings);
    }
}
