package io.efsnas.split.cut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.efsnas.space.Architecture;
import io.efsnas.space.Enumeration;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.split.Evidence;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.SmallSpace;
import io.efsnas.split.Splitter;
import io.efsnas.split.SplitterProvider;
import io.efsnas.split.Subspace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class CutSplitterTest {

    private static final NasBench201Space SPACE = new NasBench201Space();

    private static Splitter splitter(SearchSpace space, Object levels, Object batches) {
        return SplitterProvider.named("gradient")
                .create(space, Map.of("levels", levels, "batches", batches), new Random(1));
    }

    private static Evidence random(Subspace whole, long seed) {
        Random random = new Random(seed);
        return ChoiceDistances.evidence(
                ComparedPosition.of(MaskSubspace.of(whole)).stream()
                        .map(compared ->
                                ChoiceDistances.of(compared, compared.choices(), (a, b) -> 2 * random.nextDouble()))
                        .toList(),
                BalancedCut::across);
    }

    /** Everything of random distances is read back, and its cuts are worth what those of the matrices are. */
    @Property(tries = 10)
    void evidenceIsReadAsItWasWritten(@ForAll long seed) {
        MaskSubspace whole = MaskSubspace.whole(new SmallSpace(List.of(3, 1, 12, 2)));
        Evidence evidence = random(whole, seed);

        List<ChoiceDistances> read = ChoiceDistances.in(evidence);

        assertThat(read).extracting(ChoiceDistances::position).containsExactly(0, 2, 3);
        assertThat(read.get(1).choices()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        assertThat(evidence.values())
                .containsEntry("position 2: 9-11", read.get(1).matrix()[11][9]);
        assertThat(ChoiceDistances.evidence(read, BalancedCut::across)).isEqualTo(evidence);
        assertThat(read).allMatch(any -> any.worth(evidence) == any.cut().across());
    }

    /** Twice in a row, as the tree of the paper is split. */
    @Property(tries = 10)
    void everyConnectedArchitectureIsInOnePart(@ForAll long seed) {
        Splitter splitter = splitter(SPACE, 2, 1);
        Subspace whole = MaskSubspace.whole(SPACE);
        List<Subspace> leaves = new ArrayList<>();
        for (Subspace half : splitter.split(whole, random(whole, seed))) {
            leaves.addAll(splitter.split(half, random(half, seed + 1)));
        }

        assertThat(leaves).hasSize(4).hasSize(splitter.leaves());
        for (Architecture architecture : Enumeration.connected(SPACE).toList()) {
            assertThat(leaves.stream().filter(leaf -> leaf.contains(architecture)))
                    .hasSize(1);
        }
        assertThat(leaves).allMatch(leaf -> MaskSubspace.of(leaf).hasAtLeast(2));
    }

    /** All distances are 1 but those of position 2 across its groups, which are 1.5. */
    @Test
    void thePositionWithTheLargestCutIsSplit() {
        MaskSubspace whole = MaskSubspace.whole(SPACE);
        List<Integer> group = List.of(1, 4);
        List<ChoiceDistances> distances = ComparedPosition.of(whole).stream()
                .map(compared -> ChoiceDistances.of(
                        compared,
                        compared.choices(),
                        (a, b) -> compared.position() == 2 && group.contains(a) != group.contains(b) ? 1.5 : 1))
                .toList();

        assertThat(splitter(SPACE, 1, 1).split(whole, ChoiceDistances.evidence(distances, BalancedCut::across)))
                .extracting(Subspace::label)
                .containsExactly("2:1,4", "2:0,2,3");
    }

    @Test
    void aPositionIsSplitOnce() {
        MaskSubspace half = MaskSubspace.whole(SPACE).restricted(2, List.of(1, 4));

        assertThat(ComparedPosition.of(half))
                .extracting(ComparedPosition::position)
                .containsExactly(0, 1, 3, 4, 5);
    }

    @Test
    void pathsDifferAtThePositionAloneAndAreConnected() {
        Random random = new Random(3);
        for (ComparedPosition compared : ComparedPosition.of(MaskSubspace.whole(SPACE))) {
            List<Architecture> subnets = compared.draw(random);

            assertThat(subnets).allMatch(SPACE::connected);
            assertThat(subnets)
                    .extracting(subnet -> subnet.choice(compared.position()))
                    .containsExactly(0, 1, 2, 3, 4);
            assertThat(subnets.stream()
                            .map(subnet -> subnet.with(compared.position(), 0))
                            .distinct())
                    .hasSize(1);
        }
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> splitter(SPACE, 1, 0))
                .withMessageStartingWith("batches: expected a whole number from 1 to ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> splitter(SPACE, 7, 1))
                .withMessage("levels: expected a whole number from 1 to 6");
    }

    /** Position 0 has one choice, and nothing is connected with choice 1 at position 2. */
    @Test
    void spacesWithoutAPositionToCompareAreRefused() {
        assertThat(ComparedPosition.of(MaskSubspace.whole(new SmallSpace(List.of(1, 3, 2, 2), List.of(2, 1)))))
                .extracting(ComparedPosition::position)
                .containsExactly(1, 3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> splitter(new SmallSpace(List.of(1, 2), List.of(1, 1)), 1, 1))
                .withMessage("small has no position whose choices can be compared on one path and cut into two parts of"
                        + " several architectures");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> splitter(new SmallSpace(List.of(2, 2)), 2, 1))
                .withMessage("levels: expected a whole number from 1 to 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> splitter(new SmallSpace(List.of(2, 21)), 1, 1))
                .withMessage("small has a position with 21 choices; expected at most 20");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> splitter(SPACE, 1, 1)
                        .split(new MaskSubspace(SPACE, Collections.nCopies(6, List.of(1, 2))), Evidence.NONE))
                .withMessage("the subspace 0:1,2 1:1,2 2:1,2 3:1,2 4:1,2 5:1,2 has no position left to be split");
    }
}
