package io.efsnas.supernet.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.data.Batch;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.mobilenet.MobileNetSpace;
import io.efsnas.supernet.Combination;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.Lesson;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.SupernetState.Tensor;
import io.efsnas.supernet.Teacher;
import io.efsnas.supernet.TrainingStep;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Supernets of the MobileNet space over every implementation of the kernels, against {@link ReferenceKernels}. */
final class MobileNetSupernetTest {

    private static final SearchSpace SPACE = new MobileNetSpace().with(Map.of("stem-stride", 1));
    private static final Shape IMAGE = new Shape(3, 14, 14);
    private static final int CLASSES = 5;
    private static final int IMAGES = 32;
    private static final float RATE = 0.05f;
    private static final float SMOOTHING = 0.1f;

    private static final List<Architecture> ARCHITECTURES = Stream.of(
                    "k3e3 id id id k5e6 id id id k7e3 id id id k3e6 id id id k5e3 id id id k7e6",
                    "k7e6 k5e3 id id k3e3 id k5e6 id k5e3 id id k7e6 k3e3 id k7e3 id k3e6 id id id k3e3")
            .map(SPACE::parse)
            .toList();

    static Stream<Arguments> implementations() {
        return Implementations.ALL.stream().map(Arguments::of);
    }

    static Stream<Arguments> implementationsAndArchitectures() {
        return Implementations.ALL.stream()
                .flatMap(implementation -> ARCHITECTURES.stream().map(any -> Arguments.of(implementation, any)));
    }

    private static SupernetSpec spec() {
        return new SupernetSpec(SPACE, new ModelSize(4, 1, IMAGE, CLASSES), new Optimizer(0.9f, 0, 0), IMAGES, 3);
    }

    private static <B> Supernet supernet(Implementation<B> implementation) {
        return new GraphSupernet<>(spec(), implementation.kernels(IMAGES));
    }

    private static Batch batch() {
        Random random = new Random(1);
        float[] pixels = new float[IMAGES * IMAGE.size()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        return new Batch(pixels, random.ints(IMAGES, 0, CLASSES).toArray(), IMAGE);
    }

    private static TrainingStep smoothed(Architecture subnet) {
        return new TrainingStep(List.of(Lesson.smoothed(subnet, SMOOTHING)), Combination.MEAN, RATE);
    }

    /** After the first step the momentum is the gradient. */
    @ParameterizedTest
    @MethodSource("implementationsAndArchitectures")
    void gradientsAreTheReference(Implementation<?> implementation, Architecture architecture) {
        try (Supernet reference = supernet(ReferenceKernels.IMPLEMENTATION);
                Supernet supernet = supernet(implementation)) {
            Evaluation expected =
                    reference.train(batch(), smoothed(architecture)).get();
            Evaluation actual = supernet.train(batch(), smoothed(architecture)).get();

            assertThat(actual.correct()).isEqualTo(expected.correct());
            assertThat(actual.loss()).isCloseTo(expected.loss(), within(1e-4));
            assertSameGradients(supernet.state(), reference.state());
        }
    }

    /** Compares the momenta, and the weights, of all tensors. */
    static void assertSameGradients(SupernetState actual, SupernetState expected) {
        double squares = 0;
        double differences = 0;
        for (Map.Entry<String, Tensor> one : expected.tensors().entrySet()) {
            float[] its = actual.tensors().get(one.getKey()).values();
            float[] wanted = one.getValue().values();
            double product = 0;
            double ofIts = 0;
            double ofWanted = 0;
            for (int i = 0; i < wanted.length; i++) {
                product += (double) its[i] * wanted[i];
                ofIts += (double) its[i] * its[i];
                ofWanted += (double) wanted[i] * wanted[i];
            }
            // A channel that is nearly always 0 has a norm that magnifies what rounding does; the rest agrees.
            assertThat(product).as(one.getKey()).isGreaterThanOrEqualTo(0.95 * Math.sqrt(ofIts * ofWanted));
            squares += ofWanted;
            differences += ofWanted + ofIts - 2 * product;
        }
        assertThat(Math.sqrt(Math.max(0, differences) / squares)).isLessThan(1e-3);
    }

    /** Of the reference, whose loss is made of those of all labels. */
    @Test
    void gradientsOfSmoothedLabelsAreFiniteDifferences() {
        Architecture architecture = ARCHITECTURES.get(0);
        try (Supernet supernet = supernet(ReferenceKernels.IMPLEMENTATION)) {
            SupernetState before = supernet.state();
            supernet.train(batch(), smoothed(architecture));
            SupernetState after = supernet.state();
            Random random = new Random(5);
            for (Weight weight : SPACE.network(architecture, spec().size()).weights()) {
                int index = random.nextInt(weight.size());
                float value = before.values(weight)[index];
                float higher = value + 1e-6f;
                float lower = value - 1e-6f;
                supernet.restore(with(before, weight, index, higher));
                double above = smoothedLoss(supernet, architecture);
                supernet.restore(with(before, weight, index, lower));
                double below = smoothedLoss(supernet, architecture);
                double gradient = after.momentum(weight)[index];
                assertThat((above - below) / ((double) higher - lower))
                        .as(weight.name() + " at " + index)
                        .isCloseTo(gradient, within(1e-3 + 1e-3 * Math.abs(gradient)));
            }
        }
    }

    private static double smoothedLoss(Supernet supernet, Architecture architecture) {
        double spread = IntStream.range(0, CLASSES)
                .mapToDouble(label -> {
                    int[] labels = new int[IMAGES];
                    Arrays.fill(labels, label);
                    return loss(supernet, architecture, labels);
                })
                .average()
                .orElseThrow();
        return (1 - SMOOTHING) * loss(supernet, architecture, batch().labels()) + SMOOTHING * spread;
    }

    private static double loss(Supernet supernet, Architecture architecture, int[] labels) {
        Batch labelled = new Batch(batch().images(), labels, IMAGE);
        return supernet.score(labelled, List.of(architecture)).get(0).loss();
    }

    static SupernetState with(SupernetState state, Weight weight, int index, float value) {
        Map<String, Tensor> tensors = new LinkedHashMap<>(state.tensors());
        float[] values = state.values(weight).clone();
        values[index] = value;
        tensors.put(weight.name(), new Tensor(weight.shape(), values));
        return new SupernetState(tensors);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void smoothedLabelsAreATeacherWhoKnowsNothing(Implementation<?> implementation) {
        float[] probabilities = new float[IMAGES * CLASSES];
        Arrays.fill(probabilities, 1f / CLASSES);
        Lesson taught = Lesson.of(ARCHITECTURES.get(0), 1 - SMOOTHING, SMOOTHING, new Teacher.Known(probabilities));
        try (Supernet smoothed = supernet(implementation);
                Supernet other = supernet(implementation)) {
            smoothed.train(batch(), smoothed(ARCHITECTURES.get(0)));
            other.train(batch(), new TrainingStep(List.of(taught), Combination.MEAN, RATE));

            SupernetState expected = other.state();
            smoothed.state().tensors().forEach((name, tensor) -> assertThat(tensor.values())
                    .as(name)
                    .isEqualTo(expected.tensors().get(name).values()));
        }
    }

    /** As the paper's code draws them: by how many values each input of a convolution goes to. */
    @Test
    void convolutionsBeginNormal() {
        try (Supernet supernet = supernet(ReferenceKernels.IMPLEMENTATION)) {
            SupernetState state = supernet.state();
            for (Weight weight : spec().weights()) {
                double squares = 0;
                for (float value : state.values(weight)) {
                    squares += value * value;
                }
                double variance = squares / weight.size();
                double expected = weight.isKernel()
                        ? 2.0
                                / (weight.shape().get(2)
                                        * weight.shape().get(3)
                                        * weight.shape().get(0))
                        : 1.0 / (3 * weight.fanIn());
                double deviations = 6 * Math.sqrt(2.0 / weight.size());
                assertThat(variance / expected).as(weight.name()).isBetween(1 - deviations, 1 + deviations);
            }
        }
    }
}
