package io.efsnas.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.efsnas.network.Cost;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.space.Architecture;
import io.efsnas.space.Counted;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.nasbench201.NasBench201Space;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
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

class PartitionTest {

    private static final NasBench201Space SPACE = new NasBench201Space();
    /** The groups of Oh, Lee, Ham. */
    private static final List<List<Integer>> GROUPS = List.of(List.of(0, 1), List.of(2), List.of(3));

    @Test
    void subspacesAreTheGroupsGiven() {
        assertThat(Partition.of(SPACE, GROUPS).subspaces())
                .containsExactly(
                        new Subspace(0, List.of(0, 1), BigInteger.valueOf(8_764)),
                        new Subspace(1, List.of(2), BigInteger.valueOf(5_520)),
                        new Subspace(2, List.of(3), BigInteger.valueOf(1_000)));
    }

    @Test
    void groupsNeedNoOrder() {
        assertThat(Partition.of(SPACE, List.of(List.of(3, 0), List.of(2, 1))).subspaces())
                .extracting(Subspace::label)
                .containsExactly("0,3", "1,2");
    }

    @ParameterizedTest
    @MethodSource
    void groupsThatAreNoPartitionAreRefused(List<List<Integer>> groups, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Partition.of(SPACE, groups))
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
                .isThrownBy(() -> Partition.even(SPACE, parts))
                .withMessage("nas-bench-201 can be split into 1 to 4 subspaces, one for each count, not " + parts);
    }

    @Test
    void evenSplitsOfTheBenchmarkSpace() {
        assertThat(Partition.even(SPACE, 2).subspaces())
                .extracting(Subspace::label)
                .containsExactly("0,1", "2,3");
        assertThat(Partition.even(SPACE, 3).subspaces())
                .extracting(Subspace::label)
                .containsExactly("0", "1", "2,3");
    }

    @Property(tries = 300)
    void evenSplitIsTheBestOfAllContiguousOnes(
            @ForAll @Size(min = 1, max = 9) List<@IntRange(min = 1, max = 100) Integer> sizes,
            @ForAll @IntRange(min = 1, max = 9) int wanted) {
        int parts = Math.min(wanted, sizes.size());
        SpaceOfSizes space = new SpaceOfSizes(sizes);

        List<Subspace> subspaces = Partition.even(space, parts).subspaces();

        assertThat(subspaces).hasSize(parts).noneMatch(subspace -> subspace.counts()
                .isEmpty());
        assertThat(subspaces.stream().flatMap(subspace -> subspace.counts().stream()))
                .containsExactlyElementsOf(space.sizes().keySet());
        assertThat(subspaces.stream()
                        .mapToLong(subspace -> subspace.size().pow(2).longValueExact())
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
    void samplesAreConnectedAndOfTheirSubspace() {
        Partition partition = Partition.of(SPACE, GROUPS);
        SplittableRandom random = new SplittableRandom(3);
        for (Subspace subspace : partition.subspaces()) {
            for (int i = 0; i < 2_000; i++) {
                Architecture sample = partition.sample(subspace, random);
                assertThat(SPACE.connected(sample)).isTrue();
                assertThat(subspace.counts()).contains(SPACE.nonlinearities(sample));
                assertThat(partition.subspaceOf(sample)).isEqualTo(subspace);
            }
        }
    }

    @Test
    void samplesAreReproducible() {
        Partition partition = Partition.of(SPACE, GROUPS);

        assertThat(samples(partition, 11)).isEqualTo(samples(partition, 11)).isNotEqualTo(samples(partition, 12));
    }

    private static List<Architecture> samples(Partition partition, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Architecture> samples = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            samples.add(partition.sample(partition.subspaces().get(i % 3), random));
        }
        return samples;
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
