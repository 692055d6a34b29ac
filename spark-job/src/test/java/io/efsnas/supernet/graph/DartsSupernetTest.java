package io.efsnas.supernet.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.data.Batch;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.darts.DartsSpace;
import io.efsnas.supernet.Engine;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.supernet.SupernetState;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Supernets of the DARTS space over every implementation of the kernels, against {@link ReferenceKernels}. */
final class DartsSupernetTest {

    private static final SearchSpace SPACE = new DartsSpace();
    private static final Shape IMAGE = new Shape(3, 8, 8);
    private static final int CLASSES = 5;
    private static final int IMAGES = 32;
    private static final float RATE = 0.05f;

    private static final List<Architecture> ARCHITECTURES = Stream.of(
                    // every operation, with and without a stride
                    "normal |sep_conv_3x3~0|dil_conv_3x3~1|+|skip_connect~0|max_pool_3x3~2|+|sep_conv_5x5~1|avg_pool_3x3~3|"
                            + "+|dil_conv_5x5~0|skip_connect~4|"
                            + " reduce |sep_conv_3x3~0|skip_connect~1|+|dil_conv_3x3~0|max_pool_3x3~1|sep_conv_3x3~2|"
                            + "+|sep_conv_5x5~1|avg_pool_3x3~0|+|dil_conv_5x5~0|skip_connect~4|max_pool_3x3~3|",
                    // one value several times in a concatenation, and cells that are left out
                    "normal |skip_connect~0|+|skip_connect~0|+|skip_connect~2|+|sep_conv_3x3~0|"
                            + " reduce |skip_connect~0|+|max_pool_3x3~0|+|skip_connect~2|+|dil_conv_5x5~3|")
            .map(SPACE::parse)
            .toList();

    static Stream<Arguments> implementationsAndArchitectures() {
        return Implementations.ALL.stream()
                .flatMap(implementation -> ARCHITECTURES.stream().map(any -> Arguments.of(implementation, any)));
    }

    private static SupernetSpec spec() {
        return new SupernetSpec(SPACE, new ModelSize(4, 5, IMAGE, CLASSES), new Optimizer(0.9f, 0, 0), IMAGES, 3);
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

    /** After the first step the momentum is the gradient. */
    @ParameterizedTest
    @MethodSource("implementationsAndArchitectures")
    void gradientsAreTheReference(Implementation<?> implementation, Architecture architecture) {
        try (Supernet reference = supernet(ReferenceKernels.IMPLEMENTATION);
                Supernet supernet = supernet(implementation)) {
            Evaluation expected =
                    reference.train(batch(), List.of(architecture), RATE).get();
            Evaluation actual =
                    supernet.train(batch(), List.of(architecture), RATE).get();

            assertThat(actual.correct()).isEqualTo(expected.correct());
            assertThat(actual.loss()).isCloseTo(expected.loss(), within(1e-4));
            MobileNetSupernetTest.assertSameGradients(supernet.state(), reference.state());
            assertThat(supernet.score(batch(), List.of(architecture)).get(0).loss())
                    .isCloseTo(
                            reference
                                    .score(batch(), List.of(architecture))
                                    .get(0)
                                    .loss(),
                            within(1e-3));
        }
    }

    @Test
    void gradientsOfTheReferenceAreFiniteDifferences() {
        try (Supernet supernet = supernet(ReferenceKernels.IMPLEMENTATION)) {
            SupernetState before = supernet.state();
            Random random = new Random(5);
            for (Architecture architecture : ARCHITECTURES) {
                supernet.restore(before);
                supernet.train(batch(), List.of(architecture), RATE);
                SupernetState after = supernet.state();
                for (Weight weight : SPACE.network(architecture, spec().size()).weights()) {
                    int index = random.nextInt(weight.size());
                    float value = before.values(weight)[index];
                    float higher = value + 1e-6f;
                    float lower = value - 1e-6f;
                    supernet.restore(MobileNetSupernetTest.with(before, weight, index, higher));
                    double above = supernet.score(batch(), List.of(architecture))
                            .get(0)
                            .loss();
                    supernet.restore(MobileNetSupernetTest.with(before, weight, index, lower));
                    double below = supernet.score(batch(), List.of(architecture))
                            .get(0)
                            .loss();
                    double gradient = after.momentum(weight)[index];
                    assertThat((above - below) / ((double) higher - lower))
                            .as(weight.name() + " at " + index)
                            .isCloseTo(gradient, within(1e-3 + 1e-3 * Math.abs(gradient)));
                }
            }
        }
    }

    @Test
    void stepsHaveTheSameBitsWithAnyNumberOfThreads() {
        try (Supernet one = Engine.named("vector").create(spec(), Resources.cpu(1));
                Supernet two = Engine.named("vector").create(spec(), Resources.cpu(2))) {
            for (int step = 0; step < 3; step++) {
                one.train(batch(), ARCHITECTURES, RATE).get();
                two.train(batch(), ARCHITECTURES, RATE).get();
            }
            Map<String, SupernetState.Tensor> expected = one.state().tensors();

            assertThat(expected).isNotEmpty();
            two.state().tensors().forEach((name, tensor) -> assertThat(tensor.values())
                    .as(name)
                    .isEqualTo(expected.get(name).values()));
        }
    }
}
