package io.efsnas.space;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.split.CountSubspace;
import io.efsnas.split.Evidence;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.Splitter;
import io.efsnas.split.Subspace;
import io.efsnas.split.count.CountSplitter;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A space that is a chain, too large to be enumerated, is split and sampled by the same code as a space of cells. */
class ChainSpaceTest {

    private static final ChainSpace SPACE = ChainSpace.MOBILE_NET;
    private static final BigInteger SIZE =
            BigInteger.valueOf(6).pow(6).multiply(BigInteger.valueOf(7).pow(15));
    /** The groups of Oh, Lee, Ham: 34, 36, 38, 40, 42 and all others. */
    private static final List<List<Integer>> GROUPS = List.of(
            List.of(34),
            List.of(36),
            List.of(38),
            List.of(40),
            List.of(42),
            IntStream.rangeClosed(6, 16).map(blocks -> 2 * blocks).boxed().toList());

    @Test
    void commonWeightsBelongToNoBlock() {
        ModelSize size = new ModelSize(4, 1, new Shape(3, 8, 8), 10);

        assertThat(SpaceWeights.of(SPACE, size).common())
                .extracting(Weight::name)
                .containsExactly("stem.weight", "classifier.weight", "classifier.bias");
        assertThat(SpaceWeights.of(SPACE, size).all()).hasSize(3 + 6 * 21);
    }

    @Test
    void closedFormAgreesWithEnumeration() {
        ChainSpace small = new ChainSpace(List.of(3, 1, 2));

        Map<Integer, BigInteger> enumerated = Enumeration.of(small)
                .collect(Collectors.toMap(small::nonlinearities, one -> BigInteger.ONE, BigInteger::add));

        assertThat(small.sizes()).isEqualTo(enumerated);
    }

    @Test
    void everyArchitectureIsCounted() {
        assertThat(Enumeration.size(SPACE)).isEqualTo(SIZE);
        assertThat(SPACE.sizes().keySet())
                .containsExactlyElementsOf(IntStream.rangeClosed(6, 21)
                        .map(blocks -> 2 * blocks)
                        .boxed()
                        .toList());
        assertThat(SPACE.sizes().values().stream().reduce(BigInteger.ZERO, BigInteger::add))
                .isEqualTo(SIZE);
    }

    private static List<Subspace> split(Splitter splitter) {
        return splitter.split(MaskSubspace.whole(SPACE), Evidence.NONE);
    }

    private static BigInteger size(Subspace subspace) {
        return subspace.size().orElseThrow();
    }

    @Test
    void splitsIntoGivenGroups() {
        List<Subspace> subspaces = split(CountSplitter.of(SPACE, GROUPS));

        assertThat(subspaces)
                .containsExactlyElementsOf(GROUPS.stream()
                        .map(counts -> new CountSubspace(SPACE, counts))
                        .toList());
        assertThat(subspaces.stream().map(ChainSpaceTest::size).reduce(BigInteger.ZERO, BigInteger::add))
                .isEqualTo(SIZE);
        assertThat(size(subspaces.get(4))).isEqualTo(BigInteger.valueOf(6).pow(21));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 6, 16})
    void splitsEvenly(int parts) {
        List<Subspace> subspaces = split(CountSplitter.even(SPACE, parts));

        assertThat(subspaces).hasSize(parts);
        assertThat(subspaces.stream().flatMap(subspace -> ((CountSubspace) subspace).counts().stream()))
                .containsExactlyElementsOf(SPACE.sizes().keySet());
    }

    @Test
    void samplesComeFromTheirSubspace() {
        SplittableRandom random = new SplittableRandom(7);
        for (Subspace subspace : split(CountSplitter.of(SPACE, GROUPS))) {
            for (int i = 0; i < 50; i++) {
                Architecture sample = subspace.sample(random);
                assertThat(subspace.contains(sample)).isTrue();
                assertThat(SPACE.parse(SPACE.format(sample))).isEqualTo(sample);
            }
        }
    }
}
