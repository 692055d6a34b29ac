package io.efsnas.supernet;

import static io.efsnas.supernet.SupernetStates.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.data.Batch;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.space.Architecture;
import io.efsnas.space.Sampling;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.commons.math3.stat.correlation.KendallsCorrelation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What one engine has learned another goes on with, to the same results but for rounding. */
class EnginesTest {

    private static final NasBench201Space SPACE = new NasBench201Space();
    private static final Shape IMAGE = new Shape(3, 8, 8);
    private static final int CLASSES = 10;
    private static final int BATCH = 32;
    private static final List<Architecture> SUBNETS = Stream.of(
                    "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|",
                    "|nor_conv_1x1~0|+|skip_connect~0|avg_pool_3x3~1|+|nor_conv_3x3~0|none~1|nor_conv_1x1~2|",
                    "|avg_pool_3x3~0|+|nor_conv_3x3~0|skip_connect~1|+|none~0|nor_conv_1x1~1|avg_pool_3x3~2|")
            .map(SPACE::parse)
            .toList();

    @ParameterizedTest
    @ValueSource(strings = {EngineNames.VECTOR, EngineNames.ND4J, EngineNames.LIBTORCH, EngineNames.CUDA})
    void eachNameIsThatOfAnEngine(String name) {
        assertThat(Engine.named(name).name()).isEqualTo(name);
    }

    private static Supernet supernet(String engine) {
        return supernet(engine, 5);
    }

    private static Supernet supernet(String engine, int channels) {
        return Engine.named(engine)
                .create(
                        new SupernetSpec(
                                SPACE,
                                new ModelSize(channels, 1, IMAGE, CLASSES),
                                new Optimizer(0.9f, 5e-4f, 1),
                                BATCH,
                                3),
                        Resources.cpu(1));
    }

    private static Batch batch(long seed) {
        Random random = new Random(seed);
        int[] labels = random.ints(BATCH, 0, CLASSES).toArray();
        float[] pixels = new float[BATCH * IMAGE.size()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian() + labels[i / IMAGE.size()] * 0.2f;
        }
        return new Batch(pixels, labels, IMAGE);
    }

    private static void train(Supernet supernet, int fromStep, int toStep) {
        for (int step = fromStep; step < toStep; step++) {
            supernet.train(batch(step), List.of(SUBNETS.get(step % SUBNETS.size())), 0.05f);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "vector, libtorch, 5",
        "libtorch, vector, 5",
        "nd4j, libtorch, 5",
        "libtorch, nd4j, 5",
        "vector, libtorch, 1" // whose convolutions have gradients of their own
    })
    void goesOnWithTheOthersCheckpoint(String first, String second, int channels) {
        try (Supernet one = supernet(first, channels);
                Supernet other = supernet(second, channels)) {
            train(one, 0, 4);
            other.restore(one.state());

            Evaluation expected =
                    one.train(batch(4), List.of(SUBNETS.get(0)), 0.05f).get();
            Evaluation actual =
                    other.train(batch(4), List.of(SUBNETS.get(0)), 0.05f).get();

            assertThat(actual.loss()).isCloseTo(expected.loss(), within(1e-4 * expected.loss()));
            assertClose(other.state(), one.state(), 1e-4f); // momenta, and so gradients, too
        }
    }

    @ParameterizedTest
    @CsvSource({"vector, libtorch", "nd4j, libtorch"})
    void rankSubnetsOfOneSupernetAlike(String first, String second) {
        try (Supernet one = supernet(first);
                Supernet other = supernet(second)) {
            train(one, 0, 30);
            other.restore(one.state());
            Random random = new Random(7);
            List<Architecture> sample = Stream.generate(() -> Sampling.any(SPACE, random))
                    .filter(SPACE::connected)
                    .limit(40)
                    .toList();
            KendallsCorrelation tau = new KendallsCorrelation();

            double agreement = tau.correlation(losses(one, sample), losses(other, sample));

            assertThat(agreement).isGreaterThan(0.99);
        }
    }

    private static double[] losses(Supernet supernet, List<Architecture> subnets) {
        return supernet.score(batch(99), subnets).stream()
                .mapToDouble(Evaluation::loss)
                .toArray();
    }

    /** Scores are taken over between architectures that differ only in operations that do not reach the output. */
    @ParameterizedTest
    @ValueSource(strings = {"vector", "nd4j", "libtorch"})
    void networksThatDifferInDeadOperationsScoreTheSameBits(String engine) {
        SplittableRandom random = new SplittableRandom(5);
        List<Architecture> withDeadOperations = Stream.generate(() -> Sampling.any(SPACE, random))
                .filter(SPACE::connected)
                .filter(architecture -> !SPACE.live(architecture).equals(architecture))
                .limit(60)
                .toList();
        List<Architecture> live = withDeadOperations.stream().map(SPACE::live).toList();
        try (Supernet supernet = supernet(engine)) {
            train(supernet, 0, 3);

            assertThat(supernet.score(batch(9), live)).isEqualTo(supernet.score(batch(9), withDeadOperations));
        }
    }
}
