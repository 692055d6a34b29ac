package io.efsnas.supernet.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.mobilenet.MobileNetSeSpace;
import io.efsnas.space.mobilenet.MobileNetSpace;
import io.efsnas.supernet.Combination;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.Lesson;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.Teacher;
import io.efsnas.supernet.TrainingStep;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Supernets of the MobileNet space, with and without squeeze-and-excitation, over every implementation of the kernels,
 * against {@link ReferenceKernels}.
 */
final class MobileNetSupernetTest {

    private static final SearchSpace PLAIN = new MobileNetSpace().with(Map.of("stem-stride", 1));
    private static final SearchSpace EXCITED = new MobileNetSeSpace().with(Map.of("stem-stride", 1));
    private static final int CLASSES = 5;
    private static final int IMAGES = 32;
    private static final SpaceSupernets SUPERNETS = supernets(PLAIN);
    private static final float RATE = 0.05f;
    private static final float SMOOTHING = 0.1f;

    private static final List<Architecture> ARCHITECTURES = Stream.of(
                    "k3e3 id id id k5e6 id id id k7e3 id id id k3e6 id id id k5e3 id id id k7e6",
                    "k7e6 k5e3 id id k3e3 id k5e6 id k5e3 id id k7e6 k3e3 id k7e3 id k3e6 id id id k3e3")
            .map(PLAIN::parse)
            .toList();

    private static SpaceSupernets supernets(SearchSpace space) {
        return new SpaceSupernets(space, new ModelSize(4, 1, new Shape(3, 14, 14), CLASSES), IMAGES);
    }

    private static Stream<SpaceSupernets> ofBothSpaces() {
        return Stream.of(PLAIN, EXCITED).map(MobileNetSupernetTest::supernets);
    }

    static Stream<Arguments> implementations() {
        return Implementations.ALL.stream().map(Arguments::of);
    }

    static Stream<Arguments> gradientsAreTheReference() {
        return ofBothSpaces().flatMap(supernets -> SpaceSupernets.withEachImplementation(ARCHITECTURES)
                .map(of -> Arguments.of(supernets, of.get()[0], of.get()[1])));
    }

    private static TrainingStep smoothed(Architecture subnet) {
        return new TrainingStep(List.of(Lesson.smoothed(subnet, SMOOTHING)), Combination.MEAN, RATE);
    }

    /** After the first step the momentum is the gradient. */
    @ParameterizedTest
    @MethodSource
    void gradientsAreTheReference(
            SpaceSupernets supernets, Implementation<?> implementation, Architecture architecture) {
        try (Supernet reference = supernets.over(ReferenceKernels.IMPLEMENTATION);
                Supernet supernet = supernets.over(implementation)) {
            Evaluation expected =
                    reference.train(supernets.noise(), smoothed(architecture)).get();
            Evaluation actual =
                    supernet.train(supernets.noise(), smoothed(architecture)).get();

            assertThat(actual.correct()).isEqualTo(expected.correct());
            assertThat(actual.loss()).isCloseTo(expected.loss(), within(1e-4));
            SpaceSupernets.assertSameGradients(supernet.state(), reference.state());
        }
    }

    @ParameterizedTest
    @MethodSource("ofBothSpaces")
    void gradientsOfTheReferenceAreFiniteDifferences(SpaceSupernets supernets) {
        List<Architecture> architecture = ARCHITECTURES.subList(0, 1);
        SpaceSupernets few = supernets.withImages(4); // each weight takes two passes of the slow reference
        few.assertFiniteDifferences(
                architecture.get(0),
                supernet -> supernet.train(few.noise(), architecture, RATE),
                supernet -> supernet.score(few.noise(), architecture).get(0).loss());
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void smoothedLabelsAreATeacherWhoKnowsNothing(Implementation<?> implementation) {
        float[] probabilities = new float[IMAGES * CLASSES];
        Arrays.fill(probabilities, 1f / CLASSES);
        Lesson taught = Lesson.of(ARCHITECTURES.get(0), 1 - SMOOTHING, SMOOTHING, new Teacher.Known(probabilities));
        try (Supernet smoothed = SUPERNETS.over(implementation);
                Supernet other = SUPERNETS.over(implementation)) {
            smoothed.train(SUPERNETS.noise(), smoothed(ARCHITECTURES.get(0)));
            other.train(SUPERNETS.noise(), new TrainingStep(List.of(taught), Combination.MEAN, RATE));

            SupernetState expected = other.state();
            smoothed.state().tensors().forEach((name, tensor) -> assertThat(tensor.values())
                    .as(name)
                    .isEqualTo(expected.tensors().get(name).values()));
        }
    }

    /** As the paper's code draws them: by how many values each input of a convolution goes to. */
    @Test
    void convolutionsBeginNormal() {
        try (Supernet supernet = SUPERNETS.over(ReferenceKernels.IMPLEMENTATION)) {
            SupernetState state = supernet.state();
            for (Weight weight : SUPERNETS.spec().weights()) {
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
