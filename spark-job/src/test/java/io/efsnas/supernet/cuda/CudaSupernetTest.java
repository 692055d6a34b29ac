package io.efsnas.supernet.cuda;

import static io.efsnas.supernet.SupernetStates.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.efsnas.data.Augmentation;
import io.efsnas.data.Batch;
import io.efsnas.data.Normalization;
import io.efsnas.data.TrainingBatches;
import io.efsnas.data.format.ImageSet;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.space.Architecture;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.supernet.Combination;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.Engine;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.Precision;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.supernet.TestDevice;
import io.efsnas.supernet.machine.KernelProfile;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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
        assumeTrue(TestDevice.isGpu() || Emulation.isPossible(), "no g++ here to build the kernels with");
    }

    private static SupernetSpec spec(Case of) {
        return new SupernetSpec(
                SPACE,
                new ModelSize(of.channels, of.cells, of.image, of.classes),
                new Optimizer(0.9f, 5e-4f, of.clip),
                of.batch,
                3);
    }

    private static Supernet cuda(Case of) {
        Resources resources = TestDevice.isGpu() ? TestDevice.resources() : emulated(1);
        return new CudaSupernet(spec(of), resources, gpu(), Optional.empty());
    }

    private static Resources emulated(double share) {
        return new Resources(1, Device.gpu("0"), share, Precision.FLOAT32);
    }

    private static Cuda gpu() {
        return TestDevice.isGpu()
                ? Cuda.of(Cuda.Libraries.ofSystem(), TestDevice.resources().device())
                : Cuda.of(Emulation.libraries(), Device.gpu("0"));
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
                assertClose(cuda.state(), other.state(), 1e-4f, 1e-7f);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void trainsSeveralSubnetsInAStepAsAnotherEngine(Combination combination) {
        Case of = new Case(5, 1, new Shape(3, 8, 8), 10, 6, 4, 0);
        try (Supernet cuda = cuda(of);
                Supernet other = other(of)) {
            for (int step = 0; step < 2; step++) {
                List<Architecture> subnets = SUBNETS.subList(step, step + 3);
                double expected = other.train(batch(of, step), subnets, combination, 0.05f)
                        .get()
                        .loss();
                double actual = cuda.train(batch(of, step), subnets, combination, 0.05f)
                        .get()
                        .loss();

                assertThat(actual).isCloseTo(expected, within(1e-4));
            }
            assertClose(cuda.state(), other.state(), 1e-4f, 1e-7f);
        }
    }

    private static final Case SMALL = new Case(4, 1, new Shape(1, 4, 4), 3, 4, 4, 0);

    /** Noise, of which batches are made on the GPU. */
    private static ImageSet noise(Shape shape, int images) {
        Random random = new Random(11);
        List<byte[]> pixels = Stream.generate(() -> {
                    byte[] bytes = new byte[shape.size()];
                    random.nextBytes(bytes);
                    return bytes;
                })
                .limit(images)
                .toList();
        return ImageSet.of(shape, pixels, random.ints(images, 0, SMALL.classes).toArray());
    }

    @Test
    void makesShiftedAndMirroredBatchesAsTheHostDoes() {
        ImageSet images = noise(SMALL.image, 12);
        TrainingBatches batches =
                new TrainingBatches(images, Normalization.of(images), SMALL.batch, new Augmentation(true, 2), 5, 0);
        try (Supernet cuda = cuda(SMALL)) {
            for (int step = 0; step < 6; step++) {
                Batch made = batches.batch(step);
                Batch given = new Batch(made.images(), made.labels(), made.shape());

                assertThat(cuda.score(made, SUBNETS)).isEqualTo(cuda.score(given, SUBNETS));
            }
        }
    }

    @Test
    void keepsTheResultsOfMoreStepsThanItHasSlots() {
        Case tiny = new Case(1, 1, new Shape(1, 4, 4), 3, 2, 2, 0);
        int steps = 66;
        try (Supernet cuda = cuda(tiny);
                Supernet other = cuda(tiny)) {
            List<PendingEvaluation> pending = IntStream.range(0, steps)
                    .mapToObj(step -> cuda.train(batch(tiny, step), List.of(SUBNETS.get(3)), 0.05f))
                    .toList();
            for (int step = 0; step < 3; step++) {
                Evaluation expected = other.train(batch(tiny, step), List.of(SUBNETS.get(3)), 0.05f)
                        .get();

                assertThat(pending.get(step).get()).as("step " + step).isEqualTo(expected);
            }
            assertThat(pending.get(steps - 1).get().lossSum()).isFinite();
        }
    }

    @Test
    void scoresTheSameHoweverManyItScoresSideBySideAndAfterARest() {
        List<Architecture> many =
                Stream.generate(() -> SUBNETS).limit(7).flatMap(List::stream).toList();
        try (Supernet cuda = cuda(SMALL)) {
            List<Evaluation> oneByOne = many.stream()
                    .flatMap(subnet -> cuda.score(batch(SMALL, 1), List.of(subnet)).stream())
                    .toList();

            assertThat(cuda.score(batch(SMALL, 1), many)).isEqualTo(oneByOne);
            cuda.rest();
            assertThat(cuda.score(batch(SMALL, 1), many)).isEqualTo(oneByOne);
        }
    }

    @Test
    void timesKernelsWithoutChangingWhatTheyCompute() {
        KernelProfile profile = new KernelProfile();
        Resources resources = TestDevice.isGpu() ? TestDevice.resources() : emulated(1);
        try (Supernet timed = new CudaSupernet(spec(SMALL), resources, gpu(), Optional.of(profile));
                Supernet cuda = cuda(SMALL)) {
            for (int step = 0; step < 2; step++) {
                List<Architecture> subnets = List.of(SUBNETS.get(step));
                assertThat(timed.train(batch(SMALL, step), subnets, 0.05f).get())
                        .isEqualTo(
                                cuda.train(batch(SMALL, step), subnets, 0.05f).get());
            }
            assertThat(profile.entries())
                    .filteredOn(entry -> entry.kernel().equals("update"))
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.calls()).isEqualTo(2))
                    .satisfies(entry -> assertThat(entry.seconds()).isPositive());
            // Three nodes of one cell, twice.
            assertThat(profile.entries())
                    .filteredOn(entry -> entry.kernel().equals("cellWeights2"))
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.calls()).isEqualTo(6));
            assertThat(timed.state().tensors().get("classifier.bias").values())
                    .isEqualTo(cuda.state().tensors().get("classifier.bias").values());
        }
    }

    @Test
    void saysWhatToLowerWhenItNeedsMoreThanItsShare() {
        assumeTrue(!TestDevice.isGpu(), "the emulated GPU has little memory");
        assertThatIllegalStateException()
                .isThrownBy(() -> new CudaSupernet(spec(SMALL), emulated(1e-6), gpu(), Optional.empty()))
                .withMessageStartingWith("the supernet needs more than its share of the memory of GPU 0")
                .withMessageContaining("training.batch");
    }

    @Test
    void refusesWhatItCannotCompute() {
        Architecture unconnected = SPACE.parse("|none~0|+|none~0|none~1|+|none~0|none~1|none~2|");
        try (Supernet cuda = cuda(SMALL)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> cuda.score(batch(SMALL, 1), List.of(unconnected)))
                    .withMessageContaining("does not reach the output");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> cuda.train(batch(SMALL, 1), Collections.nCopies(65, SUBNETS.get(0)), 0.05f))
                    .withMessageContaining("training.subnets-per-step");
        }
    }
}
