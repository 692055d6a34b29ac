package io.efsnas.split.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.efsnas.space.Architecture;
import io.efsnas.space.ChainSpace;
import io.efsnas.space.Enumeration;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.darts.DartsSpace;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.split.Choice;
import io.efsnas.split.Evidence;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.Phase;
import io.efsnas.split.Probe;
import io.efsnas.split.SmallSpace;
import io.efsnas.split.Splitter;
import io.efsnas.split.SplitterProvider;
import io.efsnas.split.Subspace;
import io.efsnas.split.SupernetNode;
import io.efsnas.split.TestTrees;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class HierarchySplitterTest {

    private static final NasBench201Space SPACE = new NasBench201Space();
    private static final DartsSpace DARTS = new DartsSpace();

    private static Splitter splitter(SearchSpace space, Map<String, Object> changed) {
        Map<String, Object> settings =
                new HashMap<>(Map.of("batches", 3, "levels", "auto", "subnets", 7, "images", 11));
        settings.putAll(changed);
        return SplitterProvider.named("hierarchy").create(space, settings, new Random(1));
    }

    /** Random distances of all choices at some positions. */
    private static Evidence random(SearchSpace space, List<Integer> positions, Random random) {
        Map<String, Double> distances = new TreeMap<>();
        for (int position : positions) {
            int choices = space.choices().get(position);
            for (int a = 0; a < choices; a++) {
                for (int b = a + 1; b < choices; b++) {
                    distances.put("position " + position + ": " + a + "-" + b, 2 * random.nextDouble());
                }
            }
        }
        return Evidence.of(distances);
    }

    private static int product(Subspace part) {
        return MaskSubspace.of(part).allowed().stream().mapToInt(List::size).reduce(1, (a, b) -> a * b);
    }

    /** Whichever part is kept at each level. */
    @Property(tries = 10)
    void twoThenFourThenEightPartsLeaveAFewHundredCells(@ForAll long seed) {
        Random random = new Random(seed);
        Splitter splitter = splitter(SPACE, Map.of());
        Subspace kept = MaskSubspace.whole(SPACE);
        int[] expected = {2, 4, 8};
        for (int level = 0; level < splitter.levels(); level++) {
            List<Subspace> parts = splitter.at(level)
                    .split(kept, random(SPACE, SPACE.edgesIntoNodes().get(level), random));
            Subspace whole = kept;
            assertThat(parts)
                    .hasSize(expected[level])
                    .hasSize(splitter.at(level).parts());
            assertThat(parts.stream().mapToInt(HierarchySplitterTest::product).sum())
                    .isEqualTo(product(whole));
            for (Architecture architecture :
                    Enumeration.of(SPACE).filter(whole::contains).toList()) {
                assertThat(parts.stream().filter(part -> part.contains(architecture)))
                        .hasSize(1);
            }
            kept = parts.get(random.nextInt(parts.size()));
        }
        assertThat(product(kept)).isBetween(64, 729);
        assertThat(MaskSubspace.of(kept).allowed()).allMatch(choices -> choices.size() == 2 || choices.size() == 3);
    }

    @Test
    void nodesOfDartsHaveTwoToFiveEdgesAndMakeFourToThirtyTwoParts() {
        Splitter splitter = splitter(DARTS, Map.of());

        assertThat(DARTS.edgesIntoNodes())
                .containsExactly(List.of(0, 1), List.of(2, 3, 4), List.of(5, 6, 7, 8), List.of(9, 10, 11, 12, 13));
        assertThat(IntStream.range(0, splitter.levels())
                        .mapToObj(level -> splitter.at(level).parts()))
                .containsExactly(4, 8, 16, 32);
        Subspace kept = MaskSubspace.whole(DARTS);
        for (int level = 0; level < splitter.levels(); level++) {
            List<Subspace> parts = splitter.at(level)
                    .split(kept, random(DARTS, DARTS.edgesIntoNodes().get(level), new Random(level)));
            assertThat(parts).hasSize(splitter.at(level).parts()).doesNotHaveDuplicates();
            kept = parts.get(0);
        }
        assertThat(MaskSubspace.of(kept).allowed().subList(0, 14)).allMatch(choices -> choices.size() == 4);
        assertThat(MaskSubspace.of(kept).allowed().subList(14, 28)).allMatch(choices -> choices.size() == 8);
    }

    /** All distances are 1 but those within two groups of each edge, which are 0. */
    @Test
    void everyEdgeIntoTheNodeIsCutWhereItsOperationsAreFarApart() {
        Map<Integer, List<Integer>> groups = Map.of(1, List.of(0, 4), 2, List.of(2, 3));
        Map<String, Double> distances = new TreeMap<>();
        groups.forEach((position, group) -> {
            for (int a = 0; a < 5; a++) {
                for (int b = a + 1; b < 5; b++) {
                    distances.put(
                            "position " + position + ": " + a + "-" + b,
                            group.contains(a) == group.contains(b) ? 0.0 : 1.0);
                }
            }
        });

        assertThat(splitter(SPACE, Map.of()).at(1).split(MaskSubspace.whole(SPACE), Evidence.of(distances)))
                .extracting(Subspace::label)
                .containsExactly("1:0,4 2:2,3", "1:0,4 2:0,1,4", "1:1,2,3 2:2,3", "1:1,2,3 2:0,1,4");
    }

    /** Three batches, and five operations of one, two and three edges. */
    @Test
    void aLevelMeasuresTheEdgesOfItsNodeAlone() {
        Splitter splitter = splitter(SPACE, Map.of());
        Subspace whole = MaskSubspace.whole(SPACE);
        SupernetNode root = SupernetNode.root(whole, List.of(whole), TestTrees.SIZE, new Phase(0, 1, 0, 5, false), 1);

        assertThat(IntStream.range(0, 3)
                        .mapToObj(level -> splitter.at(level).probe().orElseThrow())
                        .map(probe -> probe.steps(root)))
                .containsExactly(15.0, 30.0, 45.0);
        assertThat(splitter.probe().map(Probe::needsInspection)).contains(true);
        assertThat(splitter.choice()).contains(new Choice(7, 11));
        assertThat(splitter.leaves()).isEqualTo(1);
        assertThat(splitter.conceivable(whole)).hasSize(2);
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThat(splitter(SPACE, Map.of("levels", 2)).levels()).isEqualTo(2);
        assertRefused(SPACE, Map.of("levels", 4), "levels: expected auto, or a whole number from 1 to 3");
        assertRefused(SPACE, Map.of("levels", 0), "levels: expected auto, or a whole number from 1 to 3");
        assertRefused(DARTS, Map.of("levels", 5), "levels: expected auto, or a whole number from 1 to 4");
        assertRefused(SPACE, Map.of("batches", 0), "batches: expected a whole number from 1 to 2147483647");
        assertRefused(SPACE, Map.of("subnets", 0), "subnets: expected a whole number from 1 to 2147483647");
        assertRefused(SPACE, Map.of("images", 1), "images: expected a whole number from 2 to 2147483647");
    }

    /** Position 0 has one choice, so that nothing is cut there. */
    @Test
    void partsOfOneArchitectureAreRefused() {
        SearchSpace twoNodes = new SmallSpace(List.of(2, 2), List.of(0, -1), List.of(List.of(0), List.of(1)));
        SearchSpace oneNode = new SmallSpace(List.of(1, 2, 2), List.of(0, -1), List.of(List.of(0, 1, 2)));
        SearchSpace wide = new SmallSpace(List.of(1, 2, 2, 2), List.of(0, -1), List.of(List.of(0, 1, 2)));

        assertThat(splitter(twoNodes, Map.of()).levels()).isEqualTo(1);
        assertRefused(twoNodes, Map.of("levels", 2), "levels: expected auto, or a whole number from 1 to 1");
        assertThat(splitter(wide, Map.of()).at(0).parts()).isEqualTo(4);
        for (SearchSpace without : List.of(oneNode, ChainSpace.MOBILE_NET)) {
            assertRefused(
                    without,
                    Map.of(),
                    without.name() + " has no cell with a node that 1 to 8 edges enter whose operations can be compared"
                            + " on one path and cut into parts of several architectures");
        }
    }

    private static void assertRefused(SearchSpace space, Map<String, Object> settings, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> splitter(space, settings))
                .withMessage(reason);
    }
}
