package io.efsnas.split.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.efsnas.space.Architecture;
import io.efsnas.space.Enumeration;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.split.CountSubspace;
import io.efsnas.split.Evidence;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.SmallSpace;
import io.efsnas.split.Splitter;
import io.efsnas.split.SplitterProvider;
import io.efsnas.split.Subspace;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EdgeSplitterTest {

    private static final NasBench201Space SPACE = new NasBench201Space();

    private static Splitter splitter(SearchSpace space, Object position, long seed) {
        return SplitterProvider.named("edge").create(space, Map.of("position", position), new Random(seed));
    }

    private static List<Subspace> parts(SearchSpace space, Object position, long seed) {
        return splitter(space, position, seed).split(MaskSubspace.whole(space), Evidence.NONE);
    }

    @Property(tries = 6)
    void everyConnectedArchitectureIsInThePartOfItsChoice(@ForAll @IntRange(max = 5) int position) {
        List<Subspace> parts = parts(SPACE, position, 1);

        assertThat(parts).hasSize(splitter(SPACE, position, 1).leaves());
        for (Architecture architecture : Enumeration.connected(SPACE).toList()) {
            assertThat(parts.stream().filter(part -> part.contains(architecture)))
                    .containsExactly(parts.get(architecture.choice(position)));
        }
    }

    @Test
    void partsAreNamedByPositionAndChoice() {
        assertThat(parts(SPACE, 3, 1)).extracting(Subspace::label).containsExactly("3:0", "3:1", "3:2", "3:3", "3:4");
        assertThat(parts(SPACE, "3", 1)).as("as from an environment variable").isEqualTo(parts(SPACE, 3, 1));
    }

    @Test
    void theGeneratorDrawsThePosition() {
        Set<String> drawn = new HashSet<>();
        for (int seed = 0; seed < 100; seed++) {
            assertThat(parts(SPACE, "auto", seed)).isEqualTo(parts(SPACE, "auto", seed));
            drawn.add(parts(SPACE, "auto", seed).get(0).label());
        }
        assertThat(drawn).containsExactlyInAnyOrder("0:0", "1:0", "2:0", "3:0", "4:0", "5:0");
    }

    /** Position 0 has one choice, and nothing is connected with choice 1 at position 2. */
    @Test
    void positionsThatCannotBeSplitAreNeitherDrawnNorAccepted() {
        SearchSpace space = new SmallSpace(List.of(1, 3, 2, 2), List.of(2, 1));

        for (int seed = 0; seed < 50; seed++) {
            assertThat(parts(space, "auto", seed).get(0).label()).isIn("1:0", "3:0");
        }
        for (Object position : List.of(0, 2, 4, -1, 1.5, "first")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> splitter(space, position, 1))
                    .withMessage("position: expected auto, or one of [1, 3]");
        }
    }

    @Test
    void aSpaceThatLeavesOneArchitectureInAPartIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> splitter(new SmallSpace(List.of(1, 3)), "auto", 1))
                .withMessage(
                        "small has no position with several choices that each leave at least two connected architectures");
    }

    @Test
    void aPartInWhichChoicesRuleOutOthersIsRefused() {
        Subspace counted = new CountSubspace(SPACE, List.of(0, 1));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> splitter(SPACE, 0, 1).split(counted, Evidence.NONE))
                .withMessage(
                        "the subspace 0,1 cannot be split at a position, because a choice in it can rule out others");
    }
}
