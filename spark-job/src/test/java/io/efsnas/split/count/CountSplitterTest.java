package io.efsnas.split.count;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.efsnas.network.Cost;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.space.Architecture;
import io.efsnas.space.Counted;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.split.CountSubspace;
import io.efsnas.split.Evidence;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.Splitter;
import io.efsnas.split.SplitterProvider;
import io.efsnas.split.Subspace;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CountSplitterTest {

    private static final NasBench201Space SPACE = new NasBench201Space();
    /** The groups of Oh, Lee, Ham. */
    private static final List<List<Integer>> GROUPS = List.of(List.of(0, 1), List.of(2), List.of(3));

    private static List<Subspace> split(Splitter splitter) {
        return splitter.split(MaskSubspace.whole(SPACE), Evidence.NONE);
    }

    @Test
    void subspacesAreTheGroupsGiven() {
        List<Subspace> subspaces = split(CountSplitter.of(SPACE, GROUPS));

        assertThat(subspaces)
                .containsExactly(
                        new CountSubspace(SPACE, List.of(0, 1)),
                        new CountSubspace(SPACE, List.of(2)),
                        new CountSubspace(SPACE, List.of(3)));
        assertThat(subspaces.stream()
                        .map(subspace -> subspace.size().orElseThrow().intValue()))
                .containsExactly(8_764, 5_520, 1_000);
    }

    @Test
    void groupsNeedNoOrder() {
        assertThat(split(CountSplitter.of(SPACE, List.of(List.of(3, 0), List.of(2, 1)))))
                .extracting(Subspace::label)
                .containsExactly("0,3", "1,2");
    }

    @ParameterizedTest
    @MethodSource
    void groupsThatAreNoPartitionAreRefused(List<List<Integer>> groups, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CountSplitter.of(SPACE, groups))
                .withMessage(message);
    }

    static Stream<Arguments> groupsThatAreNoPartitionAreRefused() {
        return Stream.of(
                Arguments.of(List.of(), "no group has the counts [0, 1, 2, 3]"),
                Arguments.of(List.of(List.of(0, 1), List.of(3)), "no group has the counts [2]"),
                Arguments.of(List.of(List.of(0, 1), List.of(1, 2), List.of(3)), "the count 1 is listed twice"),
                Arguments.of(List.of(List.of(0, 1, 0), List.of(2), List.of(3)), "the count 0 is listed twice"),
                Arguments.of(List.of(List.of(0, 1, 2, 3), List.of()), "a group has no counts"),
                Arguments.of(
                        List.of(List.of(0, 1), List.of(2), List.of(3, 4)),
                        "no architecture of nas-bench-201 has the count 4; its counts are [0, 1, 2, 3]"),
                Arguments.of(
                        List.of(List.of(-1)),
                        "no architecture of nas-bench-201 has the count -1; its counts are [0, 1, 2, 3]"));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 5})
    void evenSplitNeedsAtMostOnePartPerCount(int parts) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CountSplitter.even(SPACE, parts))
                .withMessage("nas-bench-201 can be split into 1 to 4 subspaces, one for each count, not " + parts);
    }

    @Test
    void evenSplitsOfTheBenchmarkSpace() {
        assertThat(split(CountSplitter.even(SPACE, 2)))
                .extracting(Subspace::label)
                .containsExactly("0,1", "2,3");
        assertThat(split(CountSplitter.even(SPACE, 3)))
                .extracting(Subspace::label)
                .containsExactly("0", "1", "2,3");
    }

    @Property(tries = 300)
    void evenSplitIsTheBestOfAllContiguousOnes(
            @ForAll @Size(min = 1, max = 9) List<@IntRange(min = 1, max = 100) Integer> sizes,
            @ForAll @IntRange(min = 1, max = 9) int wanted) {
        int parts = Math.min(wanted, sizes.size());
        SpaceOfSizes space = new SpaceOfSizes(sizes);

        Subspace whole = new CountSubspace(space, List.copyOf(space.sizes().keySet()));

        List<Subspace> subspaces = CountSplitter.even(space, parts).split(whole, Evidence.NONE);

        List<List<Integer>> groups = subspaces.stream()
                .map(subspace -> ((CountSubspace) subspace).counts())
                .toList();
        assertThat(groups).hasSize(parts).noneMatch(List::isEmpty);
        assertThat(groups.stream().flatMap(List::stream))
                .containsExactlyElementsOf(space.sizes().keySet());
        assertThat(subspaces.stream()
                        .mapToLong(
                                subspace -> subspace.size().orElseThrow().pow(2).longValueExact())
                        .sum())
                .isEqualTo(leastSumOfSquares(sizes, parts));
    }

    /** Tries every way to begin a new group, or not, after each size. */
    private static long leastSumOfSquares(List<Integer> sizes, int parts) {
        long least = Long.MAX_VALUE;
        for (int cuts = 0; cuts < 1 << (sizes.size() - 1); cuts++) {
            if (Integer.bitCount(cuts) == parts - 1) {
                long sum = 0;
                long group = 0;
                for (int i = 0; i < sizes.size(); i++) {
                    group += sizes.get(i);
                    if (i == sizes.size() - 1 || (cuts >> i & 1) == 1) {
                        sum += group * group;
                        group = 0;
                    }
                }
                least = Math.min(least, sum);
            }
        }
        return least;
    }

    @Test
    void aPartIsSplitFurther() {
        Subspace middle = new CountSubspace(SPACE, List.of(1, 2, 3));

        assertThat(CountSplitter.even(SPACE, 2).split(middle, Evidence.NONE))
                .containsExactly(new CountSubspace(SPACE, List.of(1)), new CountSubspace(SPACE, List.of(2, 3)));
    }

    @Test
    void aPartOfWhichNobodyKnowsTheCountsIsRefused() {
        Subspace masked = MaskSubspace.whole(SPACE).restricted(0, List.of(1, 2));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> CountSplitter.even(SPACE, 2).split(masked, Evidence.NONE))
                .withMessage("the subspace 0:1,2 cannot be split by counts, which nobody knows of it; expected all of"
                        + " nas-bench-201");
    }

    private static Splitter progressive(Object groups, int subspaces) {
        return SplitterProvider.named("count")
                .create(SPACE, Map.of("groups", groups, "subspaces", subspaces, "progressive", true), new Random(1));
    }

    /** In NAS-Bench-201 the counts 0 to 3 have 1,983, 7,122, 5,520 and 1,000 architectures. */
    @Test
    void aProgressiveSplitJoinsTheNeighboursThatAreSmallestTogether() {
        Splitter four = progressive("auto", 4);
        assertThat(four.levels()).isEqualTo(3);
        assertThat(four.leaves()).isEqualTo(4);
        assertThat(labels(four, 0)).containsExactly("0,1", "2,3");
        assertThat(labels(four, 1)).containsExactly("0", "1", "2,3");
        assertThat(labels(four, 2)).containsExactly("0", "1", "2", "3");
        Subspace unsplit = new CountSubspace(SPACE, List.of(2, 3));
        assertThat(four.at(1).split(unsplit, Evidence.NONE)).containsExactly(unsplit);
        assertThat(four.at(2).split(unsplit, Evidence.NONE)).hasSize(2);

        Splitter given = progressive(List.of(List.of(3), List.of(0, 2), List.of(1)), 3);
        assertThat(labels(given, 0)).containsExactly("0,2,3", "1");
        assertThat(labels(given, 1)).containsExactly("3", "0,2", "1");
        assertThat(progressive("auto", 1).levels()).isEqualTo(1);
    }

    private static List<String> labels(Splitter splitter, int level) {
        return splitter.at(level).split(MaskSubspace.whole(SPACE), Evidence.NONE).stream()
                .map(Subspace::label)
                .toList();
    }

    @Test
    void itIsFoundByNameAndReadsItsSettings() {
        SplitterProvider count = SplitterProvider.named("count");
        Map<String, Object> given = new HashMap<>(count.defaults());
        given.put("groups", GROUPS);

        assertThat(count.create(SPACE, count.defaults(), new Random(1)).parts()).isEqualTo(3);
        assertThat(split(count.create(SPACE, given, new Random(1)))).isEqualTo(split(CountSplitter.of(SPACE, GROUPS)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SplitterProvider.named("colour"))
                .withMessage("there is no splitter 'colour'; known: count, dimension, edge, gradient, hierarchy");
    }

    /** A space of which only the sizes by count are known: the i-th size belongs to the count 10 i. */
    private record SpaceOfSizes(List<Integer> all) implements SearchSpace, Counted {
        @Override
        public String name() {
            return "sizes";
        }

        @Override
        public SortedMap<Integer, BigInteger> sizes() {
            SortedMap<Integer, BigInteger> byCount = new TreeMap<>();
            all.forEach(size -> byCount.put(10 * byCount.size(), BigInteger.valueOf(size)));
            return byCount;
        }

        @Override
        public List<Integer> choices() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Architecture parse(String text) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String format(Architecture architecture) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int nonlinearities(Architecture architecture) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean connected(Architecture architecture) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Network network(Architecture architecture, ModelSize size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Cost cost(Architecture architecture, ModelSize size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Architecture> covering() {
            throw new UnsupportedOperationException();
        }
    }
}
