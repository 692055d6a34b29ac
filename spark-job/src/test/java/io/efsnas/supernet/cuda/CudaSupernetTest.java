package io.efsnas.supernet.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.data.Batch;
import io.efsnas.space.Architecture;
import io.efsnas.space.NasBench201Space;
import io.efsnas.space.NetworkSize;
import io.efsnas.space.Shape;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.Engine;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.Precision;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.TestDevice;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The kernels of the engine {@code cuda} against another engine, on an emulated GPU or, if there is one for tests, on it. */
class CudaSupernetTest {

    private static final NasBench201Space SPACE = new NasBench201Space();

    private record Case(int channels, int cells, Shape image, int classes, int batch, int images, float clip) {}

    static Stream<Case> cases() {
        return Stream.of(
                new Case(5, 1, new Shape(3, 8, 8), 10, 6, 6, 1),
                new Case(4, 2, new Shape(1, 12, 12), 3, 5, 4, 0),
                new Case(13, 1, new Shape(3, 8, 8), 12, 3, 3, 0),
                new Case(5, 1, new Shape(3, 32, 32), 10, 4, 3, 0));
    }

    private static final List<Architecture> SUBNETS = Stream.of(
                    "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|",
                    "|nor_conv_1x1~0|+|skip_connect~0|avg_pool_3x3~1|+|nor_conv_3x3~0|none~1|nor_conv_1x1~2|",
                    "|avg_pool_3x3~0|+|nor_conv_3x3~0|skip_connect~1|+|none~0|nor_conv_1x1~1|avg_pool_3x3~2|",
                    "|nor_conv_3x3~0|+|none~0|none~1|+|skip_connect~0|none~1|nor_conv_3x3~2|",
                    "|skip_connect~0|+|avg_pool_3x3~0|nor_conv_1x1~1|+|avg_pool_3x3~0|skip_connect~1|skip_connect~2|")
            .map(SPACE::parse)
            .toList();

    @BeforeAll
    static void needsCompiler() throws InterruptedException {
        Assumptions.assumeTrue(TestDevice.isGpu() || Emulation.isPossible(), "no g++ here to build the kernels with");
    }

    private static SupernetSpec spec(Case of) {
        return new SupernetSpec(
                SPACE,
                new NetworkSize(of.channels, of.cells, of.image, of.classes),
                new Optimizer(0.9f, 5e-4f, of.clip),
                of.batch,
                3);
    }

    private static Supernet cuda(Case of) {
        return TestDevice.isGpu()
                ? new CudaSupernet(spec(of), TestDevice.resources(), Cuda.Libraries.ofSystem())
                : new CudaSupernet(
                        spec(of), new Resources(1, Device.gpu("0"), 1, Precision.FLOAT32), Emulation.libraries());
    }

    private static Supernet other(Case of) {
        return Engine.named("vector").create(spec(of), Resources.cpu(1));
    }

    private static Batch batch(Case of, long seed) {
        Random random = new Random(seed);
        int[] labels = random.ints(of.images, 0, of.classes).toArray();
        float[] pixels = new float[of.images * of.image.size()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian() + labels[i / of.image.size()] * 0.2f;
        }
        return new Batch(pixels, labels, of.image);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void scoresAsAnotherEngine(Case of) {
        try (Supernet cuda = cuda(of);
                Supernet other = other(of)) {
            List<Evaluation> expected = other.score(batch(of, 1), SUBNETS);
            List<Evaluation> actual = cuda.score(batch(of, 1), SUBNETS);

            for (int i = 0; i < expected.size(); i++) {
                assertThat(actual.get(i).loss())
                        .as(SPACE.format(SUBNETS.get(i)))
                        .isCloseTo(expected.get(i).loss(), within(1e-4));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void trainsAsAnotherEngine(Case of) {
        try (Supernet cuda = cuda(of);
                Supernet other = other(of)) {
            for (int step = 0; step < SUBNETS.size(); step++) {
                other.restore(cuda.state());
                List<Architecture> subnets = List.of(SUBNETS.get(step));
                double expected =
                        other.train(batch(of, step), subnets, 0.05f).get().loss();
                double actual =
                        cuda.train(batch(of, step), subnets, 0.05f).get().loss();

                assertThat(actual).as("loss of " + subnets).isCloseTo(expected, within(1e-4));
                assertClose(cuda.state(), other.state());
            }
        }
    }

    @Test
    void trainsSeveralSubnetsInAStepAsAnotherEngine() {
        Case of = new Case(5, 1, new Shape(3, 8, 8), 10, 4, 4, 0);
        try (Supernet cuda = cuda(of);
                Supernet other = other(of)) {
            for (int step = 0; step < 2; step++) {
                List<Architecture> subnets = SUBNETS.subList(step, step + 3);
                double expected =
                        other.train(batch(of, step), subnets, 0.05f).get().loss();
                double actual =
                        cuda.train(batch(of, step), subnets, 0.05f).get().loss();

                assertThat(actual).isCloseTo(expected, within(1e-4));
            }
            assertClose(cuda.state(), other.state());
        }
    }

    /** Weights and momenta, and so the gradients in them, within 1e-4 of the largest value of each. */
    private static void assertClose(SupernetState actual, SupernetState expected) {
        expected.tensors().forEach((name, tensor) -> {
            float largest = 0;
            for (float value : tensor.values()) {
                largest = Math.max(largest, Math.abs(value));
            }
            assertThat(actual.tensors().get(name).values())
                    .as(name)
                    .usingComparatorWithPrecision(1e-4f * largest + 1e-7f)
                    .containsExactly(tensor.values());
        });
    }
}
