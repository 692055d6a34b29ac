package io.efsnas.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.efsnas.space.Architecture;
import io.efsnas.space.ChainSpace;
import io.efsnas.space.Enumeration;
import io.efsnas.space.mobilenet.MobileNetSpace;
import io.efsnas.space.nasbench201.NasBench201Space;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SubspaceTest {

    private static final NasBench201Space SPACE = new NasBench201Space();
    private static final int POSITIONS = SPACE.choices().size();

    @Provide
    Arbitrary<Subspace> masks() {
        return Arbitraries.integers()
                .between(0, 4)
                .set()
                .ofMinSize(2)
                .ofMaxSize(5)
                .map(List::copyOf)
                .list()
                .ofSize(POSITIONS)
                .map(allowed -> new MaskSubspace(SPACE, allowed));
    }

    @Provide
    Arbitrary<Subspace> counts() {
        return Arbitraries.integers()
                .between(0, 3)
                .set()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(counts -> new CountSubspace(SPACE, List.copyOf(counts)));
    }

    @Property(tries = 60)
    void samplesOfMasksAreConnectedAndContained(@ForAll("masks") Subspace subspace, @ForAll long seed) {
        assertSamplesAreContained(subspace, seed);
    }

    @Property(tries = 30)
    void samplesOfCountsAreConnectedAndContained(@ForAll("counts") Subspace subspace, @ForAll long seed) {
        assertSamplesAreContained(subspace, seed);
    }

    private static void assertSamplesAreContained(Subspace subspace, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Architecture> samples = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            samples.add(subspace.sample(random));
        }

        assertThat(samples).allMatch(subspace::contains).allMatch(SPACE::connected);
        SplittableRandom again = new SplittableRandom(seed);
        assertThat(samples)
                .allSatisfy(sample -> assertThat(subspace.sample(again)).isEqualTo(sample));
    }

    @Property(tries = 60)
    void sizesOfMasksAgreeWithEnumeration(@ForAll("masks") Subspace subspace) {
        assertSizeAgreesWithEnumeration(subspace);
    }

    @Property(tries = 15)
    void sizesOfCountsAgreeWithEnumeration(@ForAll("counts") Subspace subspace) {
        assertSizeAgreesWithEnumeration(subspace);
    }

    /** The part could be listed, but all parts of a split take as long as the whole. */
    @Test
    void partsOfASpaceTooLargeToBeListedAreNotCounted() {
        MaskSubspace whole = MaskSubspace.whole(new MobileNetSpace());
        MaskSubspace part = whole;
        for (int position = 0; position < 14; position++) {
            part = part.restricted(position, List.of(0));
        }

        assertThat(Enumeration.isPossible(part.product().orElseThrow())).isTrue();
        assertThat(part.size()).isEmpty();
        assertThat(part.hasAtLeast(2)).isTrue();
        assertThat(whole.size()).isPresent();

        MaskSubspace single = part;
        for (int position = 14; position < whole.space().choices().size(); position++) {
            single = single.restricted(position, List.of(0));
        }
        assertThat(single.hasAtLeast(1)).isTrue();
        assertThat(single.hasAtLeast(2)).isFalse();
    }

    private static void assertSizeAgreesWithEnumeration(Subspace subspace) {
        long counted = Enumeration.connected(SPACE).filter(subspace::contains).count();

        assertThat(subspace.size()).contains(BigInteger.valueOf(counted));
    }

    @Test
    void masksAreSampledUniformly() {
        MaskSubspace subspace = MaskSubspace.whole(SPACE)
                .restricted(0, List.of(3))
                .restricted(1, List.of(0, 2))
                .restricted(2, List.of(1, 4))
                .restricted(3, List.of(0))
                .restricted(4, List.of(2))
                .restricted(5, List.of(1, 3));
        SplittableRandom random = new SplittableRandom(5);
        Set<Architecture> drawn = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            drawn.add(subspace.sample(random));
        }

        assertThat(subspace.label()).isEqualTo("0:3 1:0,2 2:1,4 3:0 4:2 5:1,3");
        assertThat(drawn)
                .hasSize(8)
                .isEqualTo(
                        Enumeration.connected(SPACE).filter(subspace::contains).collect(Collectors.toSet()));
    }

    @Test
    void theWholeHasEveryChoice() {
        MaskSubspace whole = MaskSubspace.whole(SPACE);

        assertThat(whole.isWhole()).isTrue();
        assertThat(whole.label()).isEqualTo("all");
        assertThat(whole.size()).contains(BigInteger.valueOf(15_284));
        assertThat(whole.restricted(0, List.of(1)).isWhole()).isFalse();
    }

    @Test
    void aLargeSubspaceIsSampledButNotCounted() {
        MaskSubspace large = MaskSubspace.whole(ChainSpace.MOBILE_NET).restricted(1, List.of(2, 6));

        assertThat(large.size()).isEmpty();
        assertThat(large.contains(large.sample(new SplittableRandom(1)))).isTrue();
    }

    @Test
    void masksThatAreNoneAreRefused() {
        MaskSubspace whole = MaskSubspace.whole(SPACE);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> whole.restricted(3, List.of()))
                .withMessage("position 3 has the choices 0 to 4, and [] are no selection of them");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> whole.restricted(3, List.of(0, 5)))
                .withMessage("position 3 has the choices 0 to 4, and [0, 5] are no selection of them");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MaskSubspace(SPACE, List.of(List.of(0))))
                .withMessage("architectures have 6 positions, not 1");
    }

    @Test
    void aSubspaceWithoutConnectedArchitecturesIsGivenUp() {
        MaskSubspace nothing = MaskSubspace.whole(SPACE)
                .restricted(3, List.of(0))
                .restricted(4, List.of(0))
                .restricted(5, List.of(0));

        assertThat(nothing.size()).contains(BigInteger.ZERO);
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> nothing.sample(new SplittableRandom(1)))
                .withMessageContaining("none of 1000000 random architectures of nas-bench-201 is connected");
    }

    @Test
    void aProductIsOfChoicesThatDoNotRuleOutOthers() {
        MaskSubspace mask = MaskSubspace.whole(SPACE).restricted(2, List.of(1, 3));

        assertThat(mask.product()).contains(mask.allowed());
        assertThat(new CountSubspace(SPACE, List.of(3, 2, 1, 0)).product())
                .contains(MaskSubspace.whole(SPACE).allowed());
        assertThat(new CountSubspace(SPACE, List.of(0, 1, 2)).product()).isEmpty();
    }
}
