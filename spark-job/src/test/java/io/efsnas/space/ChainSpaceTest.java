package io.efsnas.space;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.split.Partition;
import io.efsnas.split.Subspace;
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

    @Test
    void splitsIntoGivenGroups() {
        Partition partition = Partition.of(SPACE, GROUPS);

        assertThat(partition.subspaces()).extracting(Subspace::counts).isEqualTo(GROUPS);
        assertThat(partition.subspaces().stream().map(Subspace::size).reduce(BigInteger.ZERO, BigInteger::add))
                .isEqualTo(SIZE);
        assertThat(partition.subspaces().get(4).size())
                .isEqualTo(BigInteger.valueOf(6).pow(21));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 6, 16})
    void splitsEvenly(int parts) {
        Partition partition = Partition.even(SPACE, parts);

        assertThat(partition.subspaces()).hasSize(parts);
        assertThat(partition.subspaces().stream().flatMap(subspace -> subspace.counts().stream()))
                .containsExactlyElementsOf(SPACE.sizes().keySet());
    }

    @Test
    void samplesComeFromTheirSubspace() {
        Partition partition = Partition.of(SPACE, GROUPS);
        SplittableRandom random = new SplittableRandom(7);
        for (Subspace subspace : partition.subspaces()) {
            for (int i = 0; i < 50; i++) {
                Architecture sample = partition.sample(subspace, random);
                assertThat(partition.subspaceOf(sample)).isEqualTo(subspace);
                assertThat(SPACE.parse(SPACE.format(sample))).isEqualTo(sample);
            }
        }
    }
}
