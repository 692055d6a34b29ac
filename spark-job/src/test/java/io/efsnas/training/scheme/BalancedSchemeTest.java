package io.efsnas.training.scheme;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.space.Architecture;
import io.efsnas.space.Enumeration;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.split.Splitter;
import io.efsnas.split.SupernetNode;
import io.efsnas.split.SupernetTree;
import io.efsnas.split.TestTrees;
import io.efsnas.split.count.CountSplitter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.junit.jupiter.api.Test;

class BalancedSchemeTest {

    private static final NasBench201Space SPACE = new NasBench201Space();
    private static final SupernetTree TREE = TestTrees.warmStart(SPACE, CountSplitter.even(SPACE, 3), 10, 20);

    /** The subnets of each step of a supernet. */
    private static LongFunction<List<Architecture>> subnets(SupernetNode node, int subnetsPerStep, long seed) {
        SchemeSteps steps = new SchemeSteps(node, seed, 20);
        BalancedScheme scheme = new BalancedScheme(subnetsPerStep);
        return step -> steps.subnets(scheme, step);
    }

    private static LongFunction<List<Architecture>> subnets(int subspace, int subnetsPerStep, long seed) {
        return subnets(TREE.leaves().get(subspace), subnetsPerStep, seed);
    }

    @Test
    void theSubnetsOfAStepAreTheSameWhateverWasAskedBefore() {
        List<List<Architecture>> expected =
                LongStream.range(0, 50).mapToObj(subnets(1, 3, 7)).toList();

        List<Integer> steps = new ArrayList<>(IntStream.range(0, 50).boxed().toList());
        Collections.shuffle(steps, new Random(5));
        LongFunction<List<Architecture>> shuffled = subnets(1, 3, 7);
        for (int step : steps) {
            assertThat(shuffled.apply(step)).isEqualTo(expected.get(step)).hasSize(3);
            assertThat(subnets(1, 3, 7).apply(step)).isEqualTo(expected.get(step));
        }
    }

    @Test
    void seedAndStepEachChangeTheSubnets() {
        List<Architecture> subnets = subnets(2, 8, 1).apply(0);

        assertThat(new HashSet<>(subnets)).hasSizeGreaterThan(1);
        assertThat(subnets(2, 8, 1).apply(1)).isNotEqualTo(subnets);
        assertThat(subnets(2, 8, 2).apply(0)).isNotEqualTo(subnets);
    }

    @Test
    void subnetsAreConnectedArchitecturesOfTheSubspace() {
        for (SupernetNode node : TREE.leaves()) {
            LongFunction<List<Architecture>> sampler = subnets(node, 2, 3);
            for (long step = 0; step < 300; step++) {
                assertThat(sampler.apply(step)).allSatisfy(architecture -> {
                    assertThat(SPACE.connected(architecture)).isTrue();
                    assertThat(TREE.leafOf(architecture)).isEqualTo(node);
                });
            }
        }
    }

    @Test
    void aWarmStartDrawsFromTheSubspacesInTurn() {
        for (int subnetsPerStep : new int[] {1, 2, 3, 7}) {
            LongFunction<List<Architecture>> sampler = subnets(TREE.node(SupernetNode.ROOT), subnetsPerStep, 3);
            List<Integer> drawn = LongStream.range(0, 60)
                    .mapToObj(sampler)
                    .flatMap(List::stream)
                    .map(TREE::indexOfLeaf)
                    .toList();

            assertThat(drawn)
                    .hasSize(60 * subnetsPerStep)
                    .isEqualTo(IntStream.range(0, drawn.size())
                            .mapToObj(draw -> draw % 3)
                            .toList());
        }
    }

    @Test
    void aWarmStartIsAsLikelyToDrawAnyArchitectureOfASubspaceAsAnyOther() {
        Splitter splitter = CountSplitter.of(SPACE, List.of(List.of(1, 2, 3), List.of(0)));
        SupernetTree tree = TestTrees.warmStart(SPACE, splitter, 10, 20);
        LongFunction<List<Architecture>> sampler = subnets(tree.node(SupernetNode.ROOT), 2, 11);

        assertUniform(step -> sampler.apply(step).subList(1, 2), 1);
    }

    @Test
    void everyArchitectureIsAsLikelyAsAnyOther() {
        Splitter splitter = CountSplitter.of(SPACE, List.of(List.of(0), List.of(1, 2, 3)));
        LongFunction<List<Architecture>> sampler =
                subnets(TestTrees.independent(SPACE, splitter, 20, false).node("0"), 2, 11);

        assertUniform(sampler, 2);
    }

    /** Of the connected architectures of count 0, of which each step draws so many. */
    private static void assertUniform(LongFunction<List<Architecture>> draw, int each) {
        List<Architecture> all = Enumeration.connected(SPACE)
                .filter(architecture -> SPACE.nonlinearities(architecture) == 0)
                .toList();
        Map<Architecture, Long> drawn = new HashMap<>();
        int steps = 20 * all.size();
        for (long step = 0; step < steps; step++) {
            draw.apply(step).forEach(architecture -> drawn.merge(architecture, 1L, Long::sum));
        }

        double[] expected = new double[all.size()];
        Arrays.fill(expected, (double) each * steps / all.size());
        long[] observed =
                all.stream().mapToLong(any -> drawn.getOrDefault(any, 0L)).toArray();
        assertThat(drawn.keySet()).isSubsetOf(all);
        assertThat(new ChiSquareTest().chiSquareTest(expected, observed)).isGreaterThan(0.001);
    }
}
