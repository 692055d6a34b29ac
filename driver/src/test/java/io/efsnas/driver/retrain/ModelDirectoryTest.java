package io.efsnas.driver.retrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.retrain.cluster.Nd4jRuntime;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.retraining.EpochReport;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.SearchSpaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A retraining of three epochs, after each of which all weights are the number of the epoch. */
class ModelDirectoryTest {

    private static final Map<String, Object> SETTINGS = settings(5.0e-4);

    @TempDir
    private Path path;

    private ModelDirectory directory;

    @BeforeAll
    static void chooseNatives() {
        Nd4jRuntime.prepare(1);
    }

    @BeforeEach
    void train() {
        directory = new ModelDirectory(path.toString(), new Configuration());
        SearchSpace space = SearchSpaces.named("nas-bench-201");
        ComputationGraph graph = FinalNetwork.of(
                space.network(
                        space.parse("|nor_conv_1x1~0|+|none~0|none~1|+|skip_connect~0|avg_pool_3x3~1|none~2|"),
                        new ModelSize(2, 1, new Shape(1, 8, 8), 3)),
                0.9,
                0,
                1);
        List<EpochReport> epochs = new ArrayList<>();
        for (int epoch = 1; epoch <= 3; epoch++) {
            graph.params().assign(epoch);
            epochs.add(EpochReport.tested(epoch, 1.0 / epoch, 0.1 * epoch, 2));
            directory.keep(SETTINGS, graph, epochs);
        }
    }

    private static Map<String, Object> settings(double weightDecay) {
        return Map.of("batch", 32, "weightDecay", weightDecay, "trainShare", 0.5);
    }

    @Test
    void goesOnFromTheLastEpoch() {
        assertThat(lastEpoch()).isEqualTo(3);
    }

    @Test
    void keepsTheStatesOfTheLastTwoEpochs() throws IOException {
        try (Stream<Path> files = Files.list(path.resolve("retraining"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("progress.json", "epoch-0002.zip", "epoch-0003.zip");
        }
    }

    @Test
    void goesOnFromTheEpochBeforeIfTheLastStateIsCutShort() throws IOException {
        byte[] whole = Files.readAllBytes(state(3));
        Files.write(state(3), Arrays.copyOf(whole, whole.length / 2));

        assertThat(lastEpoch()).isEqualTo(2);
    }

    @Test
    void goesOnFromTheEpochBeforeIfAByteOfTheLastStateIsWrong() throws IOException {
        byte[] state = Files.readAllBytes(state(3));
        state[state.length / 4] ^= 0x10;
        Files.write(state(3), state);

        assertThat(lastEpoch()).isEqualTo(2);
    }

    @Test
    void beginsAnewWithoutAWholeState() throws IOException {
        Files.delete(state(2));
        Files.write(state(3), new byte[0]);

        assertThat(directory.checkpoint(SETTINGS)).isEmpty();
    }

    @Test
    void refusesOtherSettings() {
        assertThatThrownBy(() -> directory.checkpoint(settings(0.1)))
                .isInstanceOf(UserMistake.class)
                .hasMessage("file:" + path + "/retraining holds a retraining with other settings: weightDecay is 5.0E-4"
                        + " there and 0.1 here; set them alike, or give another --output");
    }

    @Test
    void knowsTheNamesThatEarlierVersionsGaveSettings() throws IOException {
        Path progress = path.resolve("retraining/progress.json");
        Files.writeString(progress, Files.readString(progress).replace("trainShare", "train-share"));

        assertThat(lastEpoch()).isEqualTo(3);
    }

    private Path state(int epoch) {
        return path.resolve("retraining/epoch-%04d.zip".formatted(epoch));
    }

    /** By the weights that are read, which have to be those of the epoch that the reports end with. */
    private int lastEpoch() {
        ModelDirectory.Checkpoint checkpoint = directory.checkpoint(SETTINGS).orElseThrow();
        int epoch = checkpoint.graph().params().maxNumber().intValue();
        assertThat(checkpoint.epochs())
                .hasSize(epoch)
                .last()
                .isEqualTo(EpochReport.tested(epoch, 1.0 / epoch, 0.1 * epoch, 2));
        return epoch;
    }
}
