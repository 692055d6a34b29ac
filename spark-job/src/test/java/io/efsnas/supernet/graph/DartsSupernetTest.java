package io.efsnas.supernet.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.space.Architecture;
import io.efsnas.space.darts.DartsSpace;
import io.efsnas.supernet.Engine;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetState;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Supernets of the DARTS space over every implementation of the kernels, against {@link ReferenceKernels}. */
final class DartsSupernetTest {

    private static final DartsSpace SPACE = new DartsSpace();
    private static final SpaceSupernets SUPERNETS =
            new SpaceSupernets(SPACE, new ModelSize(4, 5, new Shape(3, 8, 8), 5), 32);
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
        return SpaceSupernets.withEachImplementation(ARCHITECTURES);
    }

    /** After the first step the momentum is the gradient. */
    @ParameterizedTest
    @MethodSource("implementationsAndArchitectures")
    void gradientsAreTheReference(Implementation<?> implementation, Architecture architecture) {
        try (Supernet reference = SUPERNETS.over(ReferenceKernels.IMPLEMENTATION);
                Supernet supernet = SUPERNETS.over(implementation)) {
            Evaluation expected = reference
                    .train(SUPERNETS.noise(), List.of(architecture), RATE)
                    .get();
            Evaluation actual = supernet.train(SUPERNETS.noise(), List.of(architecture), RATE)
                    .get();

            assertThat(actual.correct()).isEqualTo(expected.correct());
            assertThat(actual.loss()).isCloseTo(expected.loss(), within(1e-4));
            SpaceSupernets.assertSameGradients(supernet.state(), reference.state());
            assertThat(supernet.score(SUPERNETS.noise(), List.of(architecture))
                            .get(0)
                            .loss())
                    .isCloseTo(
                            reference
                                    .score(SUPERNETS.noise(), List.of(architecture))
                                    .get(0)
                                    .loss(),
                            within(1e-3));
        }
    }

    @ParameterizedTest
    @FieldSource("ARCHITECTURES")
    void gradientsOfTheReferenceAreFiniteDifferences(Architecture architecture) {
        SpaceSupernets few = SUPERNETS.withImages(4); // each weight takes two passes of the slow reference
        few.assertFiniteDifferences(
                architecture,
                supernet -> supernet.train(few.noise(), List.of(architecture), RATE),
                supernet -> supernet.score(few.noise(), List.of(architecture))
                        .get(0)
                        .loss());
    }

    @Test
    void stepsHaveTheSameBitsWithAnyNumberOfThreads() {
        try (Supernet one = Engine.named("vector").create(SUPERNETS.spec(), Resources.cpu(1));
                Supernet two = Engine.named("vector").create(SUPERNETS.spec(), Resources.cpu(2))) {
            for (int step = 0; step < 3; step++) {
                one.train(SUPERNETS.noise(), ARCHITECTURES, RATE).get();
                two.train(SUPERNETS.noise(), ARCHITECTURES, RATE).get();
            }
            Map<String, SupernetState.Tensor> expected = one.state().tensors();

            assertThat(expected).isNotEmpty();
            two.state().tensors().forEach((name, tensor) -> assertThat(tensor.values())
                    .as(name)
                    .isEqualTo(expected.get(name).values()));
        }
    }
}
