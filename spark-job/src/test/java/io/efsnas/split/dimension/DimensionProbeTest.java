package io.efsnas.split.dimension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.data.Batch;
import io.efsnas.space.Architecture;
import io.efsnas.space.ChainSpace;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.split.Evidence;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.Phase;
import io.efsnas.split.Probe;
import io.efsnas.split.SplitterProvider;
import io.efsnas.split.Subspace;
import io.efsnas.split.SupernetNode;
import io.efsnas.split.TestTrees;
import io.efsnas.split.cut.ComparedPosition;
import io.efsnas.supernet.Supernet;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DimensionProbeTest {

    private static final NasBench201Space SPACE = new NasBench201Space();
    private static final int BATCHES = 3;
    private static final int NEIGHBOURS = 4;
    private static final int BLOCKS = 2;
    private static final int IMAGES = 6;
    private static final DimensionProbe PROBE = new DimensionProbe(BATCHES, NEIGHBOURS);

    private static SupernetNode root(SearchSpace space) {
        Subspace whole = MaskSubspace.whole(space);
        return SupernetNode.root(whole, List.of(whole), TestTrees.SIZE, new Phase(0, 1, 0, 5, false), 2);
    }

    private static Batch batch(int number) {
        return new Batch(
                new float[IMAGES * 64],
                IntStream.generate(() -> number).limit(IMAGES).toArray(),
                TestTrees.SIZE.image());
    }

    /** Random distances for each batch, network, block and image. */
    private static List<double[][]> distances(Batch batch, Architecture subnet) {
        Random random = new Random(Objects.hash(batch.labels()[0], SPACE.live(subnet)));
        return IntStream.range(0, BLOCKS)
                .mapToObj(block -> IntStream.range(0, IMAGES)
                        .mapToObj(image ->
                                random.doubles(NEIGHBOURS, 1, 9).sorted().toArray())
                        .toArray(double[][]::new))
                .toList();
    }

    private static Supernet supernet() {
        return (Supernet) Proxy.newProxyInstance(
                Supernet.class.getClassLoader(), new Class<?>[] {Supernet.class}, (self, method, arguments) -> {
                    assertThat(arguments[2]).isEqualTo(NEIGHBOURS);
                    return distances((Batch) arguments[0], (Architecture) arguments[1]);
                });
    }

    private static Evidence measured() {
        List<Evidence> ofBatches = new ArrayList<>();
        for (int i = 0; i < BATCHES; i++) {
            ofBatches.add(PROBE.measure(supernet(), root(SPACE), batch(i), new Random(i)));
        }
        return PROBE.conclude(root(SPACE), Evidence.mean(ofBatches));
    }

    /** By position, choice and block, from the same paths drawn again. */
    private static double[][][] fingerprints() {
        double[][][] fingerprints = new double[6][5][BLOCKS];
        for (int i = 0; i < BATCHES; i++) {
            Random random = new Random(i);
            for (ComparedPosition compared : ComparedPosition.of(MaskSubspace.whole(SPACE))) {
                List<Architecture> subnets = compared.draw(random);
                for (int choice = 0; choice < 5; choice++) {
                    List<double[][]> ofBlocks = distances(batch(i), subnets.get(choice));
                    for (int block = 0; block < BLOCKS; block++) {
                        for (double[] r : ofBlocks.get(block)) {
                            double logs = 0;
                            for (double distance : r) {
                                logs += Math.log(distance / r[NEIGHBOURS - 1]);
                            }
                            fingerprints[compared.position()][choice][block] += -NEIGHBOURS / logs / IMAGES / BATCHES;
                        }
                    }
                }
            }
        }
        return fingerprints;
    }

    private static double similarity(double[] one, double[] other) {
        return 1 / (1 + Math.hypot(one[0] - other[0], one[1] - other[1]));
    }

    @Test
    void distancesAndCutsAreThoseOfMeanFingerprints() {
        Evidence evidence = measured();

        double[][][] fingerprints = fingerprints();
        assertThat(evidence.values()).hasSize(6 * 10 + 6);
        for (int position = 0; position < 6; position++) {
            double most = 0;
            for (int a = 0; a < 5; a++) {
                for (int b = a + 1; b < 5; b++) {
                    double[][] here = fingerprints[position];
                    assertThat(evidence.values().get("position " + position + ": " + a + "-" + b))
                            .isCloseTo(1 - similarity(here[a], here[b]), within(1e-12));
                    List<Integer> pair = List.of(a, b);
                    List<Integer> others = IntStream.range(0, 5)
                            .boxed()
                            .filter(choice -> !pair.contains(choice))
                            .toList();
                    most = Math.max(
                            most,
                            similarity(here[a], here[b])
                                    + similarity(here[others.get(0)], here[others.get(1)])
                                    + similarity(here[others.get(0)], here[others.get(2)])
                                    + similarity(here[others.get(1)], here[others.get(2)]));
                }
            }
            assertThat(evidence.values().get("position " + position + ": cut")).isCloseTo(most, within(1e-12));
        }
    }

    /** At position 4 the choices 1 and 3 are 1 apart from the others, and equal among themselves; elsewhere all differ by 2. */
    @Test
    void thePositionThatIsTheMostAlikeWithinIsSplit() {
        Map<String, Double> mean = new TreeMap<>();
        for (int position = 0; position < 6; position++) {
            for (int choice = 0; choice < 5; choice++) {
                double apart = position == 4 ? (choice == 1 || choice == 3 ? 1 : 0) : 2 * choice;
                mean.put("position " + position + ": choice " + choice + ", block 0", apart);
            }
        }

        Evidence evidence = PROBE.conclude(root(SPACE), Evidence.of(mean));

        assertThat(evidence.values()).containsEntry("position 4: cut", 4.0).containsEntry("position 4: 0-1", 0.5);
        assertThat(SplitterProvider.named("dimension")
                        .create(SPACE, SplitterProvider.named("dimension").defaults(), new Random(1))
                        .split(MaskSubspace.whole(SPACE), evidence))
                .extracting(Subspace::label)
                .containsExactly("4:1,3", "4:0,2,4");
    }

    @Test
    void aForwardPassOfEachChoiceIsAThirdOfAStep() {
        assertThat(PROBE.steps(root(SPACE))).isCloseTo(3 * 30 / 3.0, within(1e-12));
    }

    @Test
    void whatCannotBeMeasuredIsRefused() {
        Probe probe = PROBE;
        probe.check(root(SPACE), NEIGHBOURS + 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> probe.check(root(SPACE), NEIGHBOURS))
                .withMessage("neighbours: expected fewer than the 4 images of a training batch");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> probe.check(root(ChainSpace.MOBILE_NET), 64))
                .withMessage("networks of chain have [0] blocks; expected the same number of all, and at least one");
        Supernet broken = (Supernet) Proxy.newProxyInstance(
                Supernet.class.getClassLoader(),
                new Class<?>[] {Supernet.class},
                (self, method, arguments) -> List.<double[][]>of(new double[][] {{1, Double.NaN}}));
        assertThatIllegalStateException()
                .isThrownBy(() -> probe.measure(broken, root(SPACE), batch(0), new Random(1)))
                .withMessageContaining("supernet root, measured after step 10: an output is not a finite number");
    }
}
