package io.efsnas.supernet.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.data.Batch;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Weight;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.SupernetState.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Small supernets of a space for its tests, noise that they train on, and what holds for the gradients of all spaces. */
record SpaceSupernets(SearchSpace space, ModelSize size, int images) {

    static Stream<Arguments> withEachImplementation(List<Architecture> architectures) {
        return Implementations.ALL.stream()
                .flatMap(implementation -> architectures.stream().map(any -> Arguments.of(implementation, any)));
    }

    /** The same with another number of images in a batch. */
    SpaceSupernets withImages(int other) {
        return new SpaceSupernets(space, size, other);
    }

    SupernetSpec spec() {
        return new SupernetSpec(space, size, new Optimizer(0.9f, 0, 0), images, 3);
    }

    <B> Supernet over(Implementation<B> implementation) {
        return new GraphSupernet<>(spec(), implementation.kernels(images));
    }

    /** A full batch, always the same. */
    Batch noise() {
        Random random = new Random(1);
        float[] pixels = new float[images * size.image().size()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        return new Batch(pixels, random.ints(images, 0, size.classes()).toArray(), size.image());
    }

    /** Compares the momenta, which are the gradients after a first step, and the weights, of all tensors. */
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
            // A channel that is nearly always 0 has a norm that magnifies what rounding does; the rest agrees. Of a
            // shift that
            // a later norm takes back there is nothing but rounding.
            assertThat(product).as(one.getKey()).isGreaterThanOrEqualTo(0.95 * Math.sqrt(ofIts * ofWanted) - 1e-12);
            squares += ofWanted;
            differences += ofWanted + ofIts - 2 * product;
        }
        assertThat(Math.sqrt(Math.max(0, differences) / squares)).isLessThan(1e-3);
    }

    /**
     * Compares a gradient of each weight of an architecture, of the reference kernels, with what a small change of the weight
     * does to the loss.
     *
     * @param step a step on {@link #noise}
     * @param loss the loss that the step lessens
     */
    void assertFiniteDifferences(Architecture architecture, Consumer<Supernet> step, ToDoubleFunction<Supernet> loss) {
        Random random = new Random(5);
        try (Supernet supernet = over(ReferenceKernels.IMPLEMENTATION)) {
            SupernetState before = supernet.state();
            step.accept(supernet);
            SupernetState after = supernet.state();
            for (Weight weight : space.subnet(architecture, size).weights()) {
                int index = random.nextInt(weight.size());
                float value = before.values(weight)[index];
                float higher = value + 1e-6f;
                float lower = value - 1e-6f;
                supernet.restore(with(before, weight, index, higher));
                double above = loss.applyAsDouble(supernet);
                supernet.restore(with(before, weight, index, lower));
                double below = loss.applyAsDouble(supernet);
                double gradient = after.momentum(weight)[index];
                assertThat((above - below) / ((double) higher - lower))
                        .as(weight.name() + " at " + index)
                        .isCloseTo(gradient, within(1e-3 + 1e-3 * Math.abs(gradient)));
            }
        }
    }

    private static SupernetState with(SupernetState state, Weight weight, int index, float value) {
        Map<String, Tensor> tensors = new LinkedHashMap<>(state.tensors());
        float[] values = state.values(weight).clone();
        values[index] = value;
        tensors.put(weight.name(), new Tensor(weight.shape(), values));
        return new SupernetState(tensors);
    }
}
