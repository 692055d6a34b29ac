package io.efsnas.retraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.efsnas.data.Augmentation;
import io.efsnas.data.Dataset;
import io.efsnas.data.DatasetSpec;
import io.efsnas.data.format.Decoding;
import io.efsnas.data.format.ImageFormat;
import io.efsnas.network.ModelSize;
import io.efsnas.retraining.RetrainedNetworkSpec.Regularisation;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.supernet.SupernetState.Tensor;
import io.efsnas.training.TrainingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Small networks over the bundled images. */
class NetworkTrainerTest {

    private static final String[] ENGINES = {"libtorch", "vector"};
    private static final NasBench201Space SPACE = new NasBench201Space();
    private static final int EPOCHS = 3;
    private static final int STEPS = 3;
    private static final RetrainingSchedule SCHEDULE = schedule(0.1);

    @TempDir
    private Path directory;

    private static Dataset dataset;

    private static RetrainingSchedule schedule(double learningRate) {
        return new RetrainingSchedule(
                EPOCHS,
                32,
                new RetrainingSchedule.LearningRate(learningRate, 0, 1),
                new Augmentation(true, 1),
                6,
                0,
                5);
    }

    @BeforeAll
    static void readImages() {
        String images = Path.of("../conf/data/fashion-mnist/t10k-images-idx3-ubyte.gz")
                .toAbsolutePath()
                .toString();
        dataset = Dataset.load(
                new DatasetSpec(ImageFormat.IDX, Decoding.AS_IT_IS, List.of(images), List.of(), 0.5, 0.25, 140, 7, 1),
                new Configuration());
    }

    private static RetrainedNetwork network(String engine) {
        RetrainedNetworkSpec spec = new RetrainedNetworkSpec(
                SPACE,
                SPACE.parse("|nor_conv_3x3~0|+|skip_connect~0|avg_pool_3x3~1|+|nor_conv_1x1~0|none~1|nor_conv_3x3~2|"),
                new ModelSize(4, 1, dataset.shape(), dataset.classes()),
                new Optimizer(0.9f, 5e-4f, 0),
                new Regularisation(0.1, 0.2, 0.3, 0),
                0.99,
                32,
                11);
        return RetrainingEngine.named(engine).create(spec, Resources.cpu(1));
    }

    private RetrainingStates states(String name) {
        return new RetrainingStates(directory.resolve(name).toString(), new Configuration());
    }

    private List<EpochReport> train(String engine, String name, BooleanSupplier stop) {
        try (RetrainedNetwork network = network(engine)) {
            return new NetworkTrainer(SCHEDULE, dataset, states(name)).train(network, EPOCHS, stop);
        }
    }

    private static BooleanSupplier afterAsking(int times) {
        AtomicInteger asked = new AtomicInteger();
        return () -> asked.incrementAndGet() > times;
    }

    private Map<String, Tensor> last(String name) {
        return states(name).latest().orElseThrow().state();
    }

    private void assertSameBits(String name, String other) {
        Map<String, Tensor> expected = last(other);
        assertThat(last(name).keySet()).isEqualTo(expected.keySet());
        assertThat(last(name)).allSatisfy((tensor, content) -> assertThat(content.values())
                .as(tensor)
                .isEqualTo(expected.get(tensor).values()));
    }

    @ParameterizedTest
    @FieldSource("ENGINES")
    void resumesToTheSameBits(String engine) {
        List<EpochReport> whole = train(engine, "whole", () -> false);
        int tests = SCHEDULE.test(dataset).count();
        // In the middle of the second epoch.
        assertThatThrownBy(() -> train(engine, "cut", afterAsking(STEPS + tests + 1)))
                .isInstanceOf(CancellationException.class);
        assertThat(states("cut").lastEpoch()).isEqualTo(1);

        List<EpochReport> resumed = train(engine, "cut", () -> false);

        assertThat(resumed)
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("seconds")
                .isEqualTo(whole)
                .hasSize(EPOCHS);
        assertSameBits("cut", "whole");
    }

    @ParameterizedTest
    @FieldSource("ENGINES")
    void aDamagedStateIsPassedOver(String engine) throws IOException {
        train(engine, "whole", () -> false);
        train(engine, "damaged", () -> false);
        Path newest = directory.resolve("damaged/epoch-0003.safetensors");
        byte[] bytes = Files.readAllBytes(newest);
        bytes[bytes.length - 1] ^= 1;
        Files.write(newest, bytes);

        assertThat(states("damaged").latest().orElseThrow().epochs()).hasSize(2);
        assertThat(train(engine, "damaged", () -> false)).hasSize(EPOCHS);

        assertSameBits("damaged", "whole");
    }

    @ParameterizedTest
    @FieldSource("ENGINES")
    void keepsTheLastTwoStates(String engine) throws IOException {
        train(engine, "kept", () -> false);

        try (Stream<Path> files = Files.list(directory.resolve("kept"))) {
            assertThat(files)
                    .extracting(file -> file.getFileName().toString())
                    .containsExactlyInAnyOrder("epoch-0002.safetensors", "epoch-0003.safetensors");
        }
    }

    @ParameterizedTest
    @FieldSource("ENGINES")
    void learns(String engine) {
        List<EpochReport> epochs = train(engine, "learning", () -> false);

        assertThat(epochs.get(EPOCHS - 1).loss()).isLessThan(epochs.get(0).loss());
        assertThat(epochs).allSatisfy(epoch -> assertThat(epoch.testAccuracy()).isBetween(0.0, 1.0));
    }

    @ParameterizedTest
    @FieldSource("ENGINES")
    void saysSoWhenTheLossIsNoLongerANumber(String engine) {
        try (RetrainedNetwork network = network(engine)) {
            NetworkTrainer trainer = new NetworkTrainer(schedule(1e30), dataset, states("diverging"));

            assertThatThrownBy(() -> trainer.train(network, EPOCHS, () -> false))
                    .isInstanceOf(TrainingException.class)
                    .hasMessage("retraining, epoch 1: the loss is no longer a number; lower"
                            + " retrain.learning-rate.initial");
        }
    }
}
