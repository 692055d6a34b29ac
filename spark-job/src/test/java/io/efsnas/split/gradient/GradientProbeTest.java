package io.efsnas.split.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.data.Augmentation;
import io.efsnas.data.Batch;
import io.efsnas.data.Normalization;
import io.efsnas.data.TestImages;
import io.efsnas.data.TrainingBatches;
import io.efsnas.data.format.ImageSet;
import io.efsnas.network.Weight;
import io.efsnas.space.Architecture;
import io.efsnas.space.ChainSpace;
import io.efsnas.space.SpaceWeights;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.split.Evidence;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.Phase;
import io.efsnas.split.Probe;
import io.efsnas.split.Subspace;
import io.efsnas.split.SupernetNode;
import io.efsnas.split.TestTrees;
import io.efsnas.split.cut.ChoiceDistances;
import io.efsnas.split.cut.ComparedPosition;
import io.efsnas.supernet.LossGradients;
import io.efsnas.supernet.Supernet;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GradientProbeTest {

    private static final NasBench201Space SPACE = new NasBench201Space();
    private static final List<String> EDGES = List.of("0-1", "0-2", "1-2", "0-3", "1-3", "2-3");
    private static final int BATCHES = 3;

    private static final Probe PROBE = GradientProbe.of(SPACE, BATCHES);

    @Test
    void weightsOfAnEdgeAreThoseThatAreNamedAfterIt() {
        for (int position = 0; position < EDGES.size(); position++) {
            String edge = "." + EDGES.get(position) + ".";
            assertThat(SpaceWeights.ofPosition(SPACE, TestTrees.SIZE, position))
                    .containsExactlyInAnyOrderElementsOf(SpaceWeights.of(SPACE, TestTrees.SIZE).all().stream()
                            .filter(weight -> weight.name().contains(edge))
                            .toList());
        }
        assertThat(SpaceWeights.ofPosition(ChainSpace.MOBILE_NET, TestTrees.SIZE, 3))
                .extracting(Weight::name)
                .containsExactlyInAnyOrder(
                        "block3.k3e3.weight",
                        "block3.k3e6.weight",
                        "block3.k5e3.weight",
                        "block3.k5e6.weight",
                        "block3.k7e3.weight",
                        "block3.k7e6.weight");
    }

    private static SupernetNode node() {
        Subspace whole = MaskSubspace.whole(SPACE);
        return SupernetNode.root(whole, List.of(whole), TestTrees.SIZE, new Phase(0, 1, 0, 5, false), 2);
    }

    /** What a supernet was asked for gradients of, and what it gave. */
    private record Asked(Batch batch, Architecture subnet, LossGradients gradients) {}

    /** A supernet that only gives gradients: random ones for each batch, subnet and weight. */
    private static Supernet supernet(List<Asked> asked) {
        return (Supernet) Proxy.newProxyInstance(
                Supernet.class.getClassLoader(), new Class<?>[] {Supernet.class}, (self, method, arguments) -> {
                    Batch batch = (Batch) arguments[0];
                    Architecture subnet = (Architecture) arguments[1];
                    Map<Weight, float[]> values = new LinkedHashMap<>();
                    for (Weight weight : SPACE.network(subnet, TestTrees.SIZE).weights()) {
                        Random random =
                                new Random(Objects.hash(batch.images()[0], batch.labels()[0], subnet, weight.name()));
                        float[] gradient = new float[weight.size()];
                        for (int i = 0; i < gradient.length; i++) {
                            gradient[i] = (float) (random.nextGaussian() + 0.5);
                        }
                        values.put(weight, gradient);
                    }
                    asked.add(new Asked(batch, subnet, new LossGradients(1, values)));
                    return asked.get(asked.size() - 1).gradients();
                });
    }

    private static TrainingBatches batches() {
        ImageSet images = TestImages.numbered(TestTrees.SIZE.image(), 20);
        return new TrainingBatches(images, Normalization.of(images), 2, new Augmentation(true, 1), 3, 4);
    }

    private static Evidence measured(List<Asked> asked, long seed) {
        List<Evidence> ofBatches = new ArrayList<>();
        for (int i = 0; i < PROBE.batches(); i++) {
            Batch batch = batches().batch(node().lastStep() + i);
            ofBatches.add(PROBE.measure(supernet(asked), node(), batch, new Random(seed + i)));
        }
        return PROBE.conclude(node(), Evidence.mean(ofBatches));
    }

    /** All values of the weights that are not named after an edge, one after the other; 0 for those that are not used. */
    private static double[] vector(LossGradients gradients, String edge) {
        return SpaceWeights.of(SPACE, TestTrees.SIZE).all().stream()
                .filter(weight -> !weight.name().contains("." + edge + "."))
                .flatMapToDouble(weight -> {
                    float[] values = gradients.ofWeights().getOrDefault(weight, new float[weight.size()]);
                    return IntStream.range(0, values.length).mapToDouble(i -> values[i]);
                })
                .toArray();
    }

    @Test
    void distancesAreMeansOverTheBatchesOfPathsThatAreInCommon() {
        List<Asked> asked = new ArrayList<>();

        Evidence evidence = measured(asked, 2);

        // The same paths drawn again.
        List<ComparedPosition> positions = ComparedPosition.of(MaskSubspace.whole(SPACE));
        Map<String, Double> expected = new TreeMap<>();
        for (int i = 0; i < BATCHES; i++) {
            Random random = new Random(2 + i);
            for (ComparedPosition compared : positions) {
                List<Architecture> subnets = compared.draw(random);
                for (int a = 0; a < subnets.size(); a++) {
                    for (int b = a + 1; b < subnets.size(); b++) {
                        int position = compared.position();
                        double[] first = vector(gradients(asked, i, subnets.get(a)), EDGES.get(position));
                        double[] second = vector(gradients(asked, i, subnets.get(b)), EDGES.get(position));
                        double cosine =
                                product(first, second) / Math.sqrt(product(first, first) * product(second, second));
                        expected.merge(
                                "position " + position + ": " + a + "-" + b, (1 - cosine) / BATCHES, Double::sum);
                    }
                }
            }
        }
        assertThat(evidence.values()).hasSize(6 * 10 + 6);
        expected.forEach((name, distance) ->
                assertThat(evidence.values().get(name)).as(name).isCloseTo(distance, within(1e-12)));
        assertThat(ChoiceDistances.in(evidence))
                .hasSize(6)
                .allMatch(distances ->
                        distances.worth(evidence) == distances.cut().across());
    }

    /** By the network, as choices at a position without effect are run once. */
    private static LossGradients gradients(List<Asked> asked, int batch, Architecture subnet) {
        float[] images = batches().batch(node().lastStep() + batch).images();
        return asked.stream()
                .filter(any -> Arrays.equals(any.batch().images(), images))
                .filter(any -> any.subnet().equals(SPACE.live(subnet)))
                .findFirst()
                .orElseThrow()
                .gradients();
    }

    private static double product(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
    }

    /** Three batches, each with six positions of five choices; where one is split, with five. */
    @Test
    void aForwardAndBackwardPassOfEachChoiceIsAStep() {
        Subspace half = MaskSubspace.whole(SPACE).restricted(2, List.of(1, 4));
        SupernetNode child = node().child(0, half, List.of(half), TestTrees.SIZE, new Phase(1, 2, 5, 9, false), 1);

        assertThat(PROBE.steps(node())).isEqualTo(90);
        assertThat(PROBE.steps(child)).isEqualTo(75);
    }

    @Test
    void theGeneratorDecidesWhatIsMeasured() {
        assertThat(measured(new ArrayList<>(), 2)).isEqualTo(measured(new ArrayList<>(), 2));
        assertThat(measured(new ArrayList<>(), 2)).isNotEqualTo(measured(new ArrayList<>(), 3));
    }
}
