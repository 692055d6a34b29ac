package io.efsnas.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.data.Augmentation;
import io.efsnas.data.Batch;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.darts.DartsSpace;
import io.efsnas.space.mobilenet.MobileNetSpace;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.Phase;
import io.efsnas.split.SupernetNode;
import io.efsnas.supernet.Combination;
import io.efsnas.supernet.FakeSupernet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PathDropoutTest {

    private static final NasBench201Space CELLS = new NasBench201Space();
    private static final MobileNetSpace BLOCKS = new MobileNetSpace();
    private static final ModelSize SIZE = new ModelSize(2, 1, new Shape(3, 8, 8), 4);
    private static final int NONE = 0;
    private static final Batch BATCH = new Batch(new float[8], new int[2], new Shape(1, 2, 2));
    private static final Architecture CONVOLUTIONS = new Architecture(Collections.nCopies(6, 3));

    private static Architecture with(Architecture architecture, int position, int choice) {
        List<Integer> choices = new ArrayList<>(architecture.choices());
        choices.set(position, choice);
        return new Architecture(choices);
    }

    static Stream<SearchSpace> spaces() {
        return Stream.of(CELLS, BLOCKS, new DartsSpace());
    }

    /** Whatever else an architecture chooses, this choice adds no weights. */
    @ParameterizedTest
    @MethodSource("spaces")
    void theEmptyChoiceOfAPositionHasNoWeights(SearchSpace space) {
        ModelSize size = new ModelSize(2, space.standardCells().isPresent() ? 3 : 1, new Shape(3, 32, 32), 4);
        Architecture full = space.covering().get(0);
        List<Weight> weights = space.network(full, size).weights();
        int positions = space.choices().size();
        List<Integer> optional = IntStream.range(0, positions)
                .filter(position -> space.emptyChoice(position).isPresent())
                .boxed()
                .toList();

        for (int position : optional) {
            Architecture without =
                    with(full, position, space.emptyChoice(position).getAsInt());
            assertThat(space.network(without, size).weights())
                    .isSubsetOf(weights)
                    .hasSizeLessThan(weights.size());
        }
        assertThat(optional).hasSize(space == BLOCKS ? 15 : positions);
    }

    /**
     * Against all sets of edges that can be left out, each with its probability: those that leave the image a way to the
     * output share what the others have.
     */
    @Test
    void eachOperationIsLeftOutAsOftenAsItCanBe() {
        double probability = 0.3;
        double[] expected = new double[6];
        double connected = 0;
        for (int left = 0; left < 64; left++) {
            Architecture architecture = CONVOLUTIONS;
            double weight = 1;
            for (int edge = 0; edge < 6; edge++) {
                boolean out = (left >> edge & 1) == 1;
                architecture = out ? with(architecture, edge, NONE) : architecture;
                weight *= out ? probability : 1 - probability;
            }
            if (CELLS.connected(architecture)) {
                connected += weight;
                for (int edge = 0; edge < 6; edge++) {
                    expected[edge] += architecture.choice(edge) == NONE ? weight : 0;
                }
            }
        }
        SplittableRandom random = new SplittableRandom(3);
        int draws = 40_000;
        int[] out = new int[6];
        for (int draw = 0; draw < draws; draw++) {
            Architecture left = PathDropout.of(CELLS, CONVOLUTIONS, probability, random);
            assertThat(CELLS.connected(left)).isTrue();
            for (int edge = 0; edge < 6; edge++) {
                assertThat(left.choice(edge)).isIn(NONE, 3);
                out[edge] += left.choice(edge) == NONE ? 1 : 0;
            }
        }
        for (int edge = 0; edge < 6; edge++) {
            // five standard deviations
            assertThat(out[edge] / (double) draws).isCloseTo(expected[edge] / connected, within(0.012));
        }
    }

    @Test
    void theOnlyPathIsNeverLeftOut() {
        Architecture one = Architecture.of(3, 0, 3, 0, 0, 3);
        SplittableRandom random = new SplittableRandom(1);
        for (int draw = 0; draw < 20; draw++) {
            assertThat(PathDropout.of(CELLS, one, 0.5, random)).isEqualTo(one);
        }
        assertThat(PathDropout.of(CELLS, one, 1 - 1e-12, random)).isEqualTo(one);
    }

    @Test
    void blocksBecomeTheIdentityWhereTheyCan() {
        Architecture full = BLOCKS.covering().get(0);
        SplittableRandom random = new SplittableRandom(5);
        int out = 0;
        for (int draw = 0; draw < 2_000; draw++) {
            Architecture left = PathDropout.of(BLOCKS, full, 0.2, random);
            for (int position = 0; position < left.choices().size(); position++) {
                if (left.choice(position) != full.choice(position)) {
                    assertThat(BLOCKS.emptyChoice(position)).isEqualTo(OptionalInt.of(left.choice(position)));
                    out++;
                }
            }
        }
        assertThat(out / (2_000.0 * 15)).isCloseTo(0.2, within(0.012));
    }

    private static SupernetNode node(int number) {
        return SupernetNode.independent(number, MaskSubspace.whole(CELLS), SIZE, new Phase(0, 1, 0, 100, false));
    }

    private static List<Architecture> trained(SupernetNode node, long step, double probability) {
        SchemeSpec scheme = new SchemeSpec("uniform", 2, Map.of());
        TrainingPlan plan =
                new TrainingPlan(100, scheme, 2, new LearningRatePlan(0.5, 0.1), 0, probability, Augmentation.NONE, 7);
        FakeSupernet supernet = new FakeSupernet();
        scheme.create()
                .step(
                        supernet,
                        new StepContext(
                                node,
                                step,
                                plan,
                                List.of(BATCH),
                                KeyedRandom.of(7, Purpose.TRAINED_SUBNETS, node.key(), step),
                                null,
                                Relatives.NONE));
        assertThat(supernet.steps().get(0).combination()).isEqualTo(Combination.MEAN);
        return supernet.steps().get(0).subnets();
    }

    /** What is left out is a matter of the seed, the supernet and the step alone, and changes no other draw. */
    @Test
    void theSubnetsOfAStepAreThoseThatItDrawsWithoutSomeOperations() {
        int without = 0;
        for (long step = 0; step < 100; step++) {
            List<Architecture> drawn = trained(node(0), step, 0);
            List<Architecture> left = trained(node(0), step, 0.4);
            assertThat(trained(node(0), step, 0.4)).isEqualTo(left);
            for (int subnet = 0; subnet < 2; subnet++) {
                for (int edge = 0; edge < 6; edge++) {
                    assertThat(left.get(subnet).choice(edge))
                            .isIn(NONE, drawn.get(subnet).choice(edge));
                }
                without += left.get(subnet).equals(drawn.get(subnet)) ? 0 : 1;
            }
        }
        assertThat(without).isBetween(100, 199);
    }

    @Test
    void otherStepsAndSupernetsLeaveOutOthers() {
        assertThat(LongStream.range(0, 20)
                        .mapToObj(step -> leftOut(node(0), step))
                        .distinct())
                .hasSizeGreaterThan(10);
        assertThat(LongStream.range(0, 20).mapToObj(step -> leftOut(node(0), step)))
                .isNotEqualTo(LongStream.range(0, 20)
                        .mapToObj(step -> leftOut(node(1), step))
                        .toList());
    }

    /** Of a subnet that has all. */
    private static List<Integer> leftOut(SupernetNode node, long step) {
        FakeSupernet supernet = new FakeSupernet();
        new StepContext(
                        node,
                        step,
                        new TrainingPlan(
                                100,
                                new SchemeSpec("uniform", 1, Map.of()),
                                2,
                                new LearningRatePlan(0.5, 0.1),
                                0,
                                0.4,
                                Augmentation.NONE,
                                7),
                        List.of(BATCH),
                        KeyedRandom.of(7, Purpose.TRAINED_SUBNETS, node.key(), step),
                        null,
                        Relatives.NONE)
                .train(supernet, List.of(CONVOLUTIONS), Combination.MEAN);
        return supernet.steps().get(0).subnets().get(0).choices();
    }
}
