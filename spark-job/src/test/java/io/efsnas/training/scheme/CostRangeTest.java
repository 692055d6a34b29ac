package io.efsnas.training.scheme;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.network.Cost;
import io.efsnas.space.Architecture;
import io.efsnas.space.Enumeration;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.split.CountSubspace;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.Subspace;
import io.efsnas.split.TestTrees;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CostRangeTest {

    private static final NasBench201Space SPACE = new NasBench201Space();
    private static final Map<Architecture, Cost> COSTS = Enumeration.connected(SPACE)
            .collect(Collectors.toMap(Function.identity(), any -> SPACE.cost(any, TestTrees.SIZE)));

    private static final Comparator<Architecture> BY_COST = Comparator.<Architecture>comparingLong(
                    any -> COSTS.get(any).parameters())
            .thenComparingLong(any -> COSTS.get(any).flops())
            .thenComparing(Comparator.naturalOrder());

    private static List<Architecture> listed(Subspace subspace) {
        return COSTS.keySet().stream()
                .filter(subspace::contains)
                .sorted(BY_COST)
                .toList();
    }

    private static void assertExact(Subspace subspace) {
        List<Architecture> all = listed(subspace);
        Architecture smallest = all.get(0);
        Architecture largest = all.get(all.size() - 1);

        assertThat(CostRange.of(subspace, TestTrees.SIZE))
                .as(subspace.label())
                .isEqualTo(new CostRange(
                        smallest,
                        largest,
                        COSTS.get(smallest).parameters(),
                        COSTS.get(largest).parameters()));
    }

    @Test
    void thoseOfTheSpaceAreExact() {
        assertExact(MaskSubspace.whole(SPACE));
        assertThat(CostRange.of(MaskSubspace.whole(SPACE), TestTrees.SIZE).largest())
                .isEqualTo(Architecture.of(3, 3, 3, 3, 3, 3));
    }

    /** Among architectures that cost the same it may be another. */
    @Test
    void thoseOfPartsByCountCostTheLeastAndTheMost() {
        for (List<Integer> counts : List.of(List.of(0), List.of(1), List.of(2), List.of(3), List.of(0, 1))) {
            CountSubspace subspace = new CountSubspace(SPACE, counts);
            List<Architecture> all = listed(subspace);
            CostRange range = CostRange.of(subspace, TestTrees.SIZE);

            assertThat(all).contains(range.smallest(), range.largest());
            assertThat(COSTS.get(range.smallest())).isEqualTo(COSTS.get(all.get(0)));
            assertThat(COSTS.get(range.largest())).isEqualTo(COSTS.get(all.get(all.size() - 1)));
            assertThat(range.leastParameters()).isEqualTo(COSTS.get(all.get(0)).parameters());
        }
    }

    @Test
    void thoseOfPartsByChoicesAreExact() {
        Random random = new Random(4);
        for (int tries = 0; tries < 30; tries++) {
            List<List<Integer>> allowed = new ArrayList<>();
            for (int position = 0; position < 6; position++) {
                List<Integer> choices = IntStream.range(0, 5)
                        .filter(any -> random.nextBoolean())
                        .boxed()
                        .toList();
                allowed.add(choices.isEmpty() ? List.of(1) : choices);
            }
            MaskSubspace subspace = new MaskSubspace(SPACE, allowed);
            if (subspace.hasAtLeast(1)) {
                assertExact(subspace);
            }
        }
    }
}
