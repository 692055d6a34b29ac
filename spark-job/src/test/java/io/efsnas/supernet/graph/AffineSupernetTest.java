package io.efsnas.supernet.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.network.Layer;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpaces;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.NormStatistics;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.SupernetState.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Supernets whose batch norms learn, over every implementation of the kernels. */
class AffineSupernetTest {

    private static final int IMAGES = 12;
    private static final float RATE = 0.1f;
    private static final SpaceSupernets CELLS = supernets("nas-bench-201", 4, 1, 8);
    private static final SpaceSupernets BLOCKS = supernets("mobilenet-se", 4, 1, 14);
    private static final SpaceSupernets DARTS = supernets("darts", 4, 3, 8);

    private static SpaceSupernets supernets(String space, int channels, int cells, int side) {
        return new SpaceSupernets(
                SearchSpaces.named(space), new ModelSize(channels, cells, new Shape(3, side, side), 10, true), IMAGES);
    }

    private static Architecture some(SpaceSupernets of) {
        return of.space().covering().get(1);
    }

    static Stream<Arguments> cases() {
        return Implementations.ALL.stream().flatMap(implementation -> Stream.of(CELLS, BLOCKS, DARTS)
                .map(supernets -> Arguments.of(implementation, supernets)));
    }

    static Stream<SpaceSupernets> spaces() {
        return Stream.of(CELLS, BLOCKS, DARTS);
    }

    @ParameterizedTest
    @MethodSource("spaces")
    void everyBatchNormHasAScaleAndAShiftOfItsOwn(SpaceSupernets supernets) {
        Network plain = supernets.space().network(some(supernets), supernets.size());
        Network subnet = supernets.space().subnet(some(supernets), supernets.size());
        List<Weight> added = subnet.weights().stream()
                .filter(weight -> !plain.weights().contains(weight))
                .toList();

        assertThat(added)
                .doesNotHaveDuplicates()
                .containsExactlyElementsOf(plain.nodes().stream()
                        .map(Network.Node::layer)
                        .filter(Layer.BatchNorm.class::isInstance)
                        .map(Layer.BatchNorm.class::cast)
                        .flatMap(norm -> Stream.of(norm.scale(), norm.shift()))
                        .toList());
        assertThat(subnet.weights()).hasSize(plain.weights().size() + added.size());
        assertThat(subnet.cost()).isEqualTo(plain.cost());
        assertThat(subnet.blocks()).isEqualTo(plain.blocks());
        assertThat(supernets.spec().weights()).containsAll(added);
    }

    /** With the same other weights. */
    @ParameterizedTest
    @MethodSource("cases")
    void beginsAsOneWithoutScalesAndShifts(Implementation<?> implementation, SpaceSupernets supernets) {
        SupernetSpec affine = supernets.spec();
        ModelSize size = affine.size();
        ModelSize plain = new ModelSize(size.channels(), size.cells(), size.image(), size.classes());
        try (Supernet learning = supernets.over(implementation);
                Supernet other = new SpaceSupernets(supernets.space(), plain, IMAGES).over(implementation)) {
            other.restore(without(
                    learning.state(),
                    affine.weights().stream()
                            .filter(weight -> weight.fanIn() == 0)
                            .toList()));

            double expected = loss(other, supernets);
            assertThat(loss(learning, supernets)).isCloseTo(expected, within(1e-5 * expected));
            train(learning, supernets, 3);
            train(other, supernets, 3);
            expected = loss(other, supernets);
            assertThat(loss(learning, supernets)).isNotCloseTo(expected, within(1e-3 * expected));
        }
    }

    private static SupernetState without(SupernetState state, List<Weight> weights) {
        Map<String, Tensor> tensors = new LinkedHashMap<>(state.tensors());
        for (Weight weight : weights) {
            tensors.remove(weight.name());
            tensors.remove(SupernetState.MOMENTUM + weight.name());
        }
        return new SupernetState(tensors);
    }

    private static double loss(Supernet supernet, SpaceSupernets supernets) {
        return supernet.score(supernets.noise(), List.of(some(supernets)))
                .get(0)
                .loss();
    }

    private static void train(Supernet supernet, SpaceSupernets supernets, int steps) {
        for (int step = 0; step < steps; step++) {
            supernet.train(supernets.noise(), List.of(some(supernets)), RATE).get();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientsAreTheReference(Implementation<?> implementation, SpaceSupernets supernets) {
        try (Supernet reference = supernets.over(ReferenceKernels.IMPLEMENTATION);
                Supernet supernet = supernets.over(implementation)) {
            train(reference, supernets, 1);
            train(supernet, supernets, 1);

            SpaceSupernets.assertSameGradients(supernet.state(), reference.state());
        }
    }

    /** Of the reference. */
    @Test
    void gradientsAreThoseOfFiniteDifferences() {
        SpaceSupernets few = CELLS.withImages(4); // each weight takes two passes of the slow reference
        few.assertFiniteDifferences(some(few), supernet -> train(supernet, few, 1), supernet -> loss(supernet, few));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void recalibratedScoresAreTheReference(Implementation<?> implementation, SpaceSupernets supernets) {
        List<Architecture> subnets = List.of(some(supernets));
        try (Supernet reference = supernets.over(ReferenceKernels.IMPLEMENTATION);
                Supernet supernet = supernets.over(implementation)) {
            train(reference, supernets, 2);
            supernet.restore(reference.state());
            List<NormStatistics> statistics = reference.statistics(supernets.noise(), subnets);
            Evaluation expected =
                    reference.score(supernets.noise(), subnets, statistics).get(0);

            List<NormStatistics> its = supernet.statistics(supernets.noise(), subnets);
            assertThat(supernet.score(supernets.noise(), subnets, its).get(0).loss())
                    .isCloseTo(expected.loss(), within(1e-3 * expected.loss()))
                    .isNotCloseTo(loss(reference, supernets), within(1e-6));
        }
    }

    /** After the first step the momentum is the gradient and the decay of the weight, which of a scale is 1. */
    @Test
    void scalesAndShiftsDecayAsAllWeightsDo() {
        float decay = 0.25f;
        SupernetSpec spec = CELLS.spec();
        SupernetSpec decaying =
                new SupernetSpec(spec.space(), spec.size(), new Optimizer(0.9f, decay, 0), spec.batch(), spec.seed());
        try (Supernet without = CELLS.over(ReferenceKernels.IMPLEMENTATION);
                Supernet with = new GraphSupernet<>(decaying, ReferenceKernels.IMPLEMENTATION.kernels(IMAGES))) {
            train(without, CELLS, 1);
            train(with, CELLS, 1);

            Predicate<Weight> ofNorm = weight -> weight.fanIn() == 0;
            for (Weight weight :
                    spec.subnet(some(CELLS)).weights().stream().filter(ofNorm).toList()) {
                float added = weight.isBias() ? 0 : decay;
                float[] gradient = without.state().momentum(weight);
                float[] momentum = with.state().momentum(weight);
                for (int i = 0; i < gradient.length; i++) {
                    assertThat(momentum[i] - gradient[i]).as(weight.name()).isCloseTo(added, within(1e-6f));
                }
            }
        }
    }
}
