package io.efsnas.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.efsnas.space.Enumeration;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.split.count.CountSplitter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SupernetTreeTest {

    private static final NasBench201Space SPACE = new NasBench201Space();
    private static final Splitter COUNTS = CountSplitter.of(SPACE, List.of(List.of(0, 1), List.of(2), List.of(3)));

    /** Halves the choices at one position: what a gradient decides is which ones. */
    private record HalvingSplitter(int position) implements Splitter {
        @Override
        public int parts() {
            return 2;
        }

        @Override
        public List<Subspace> split(Subspace whole, Evidence evidence) {
            MaskSubspace mask = (MaskSubspace) whole;
            return List.of(mask.restricted(position, List.of(0, 1)), mask.restricted(position, List.of(2, 3, 4)));
        }
    }

    /** One, two, then four supernets, as gradient matching makes them. */
    private static SupernetTree threeLevels() {
        Subspace whole = MaskSubspace.whole(SPACE);
        SupernetNode root = SupernetNode.root(whole, List.of(whole), TestTrees.SIZE, new Phase(0, 1, 0, 10, false), 4);
        SupernetTree tree = SupernetTree.of(SPACE, List.of(root));
        Phase middle = new Phase(1, 2, 10, 20, false);
        Phase last = new Phase(2, 4, 20, 40, false);
        tree = tree.plus(children(root, new HalvingSplitter(0), middle, 2));
        List<SupernetNode> leaves = new ArrayList<>();
        for (SupernetNode node : tree.in(middle)) {
            leaves.addAll(children(node, new HalvingSplitter(node.id().equals("0") ? 3 : 5), last, 1));
        }
        return tree.plus(leaves);
    }

    private static List<SupernetNode> children(SupernetNode parent, Splitter splitter, Phase phase, int width) {
        List<Subspace> parts = splitter.split(parent.subspace(), Evidence.NONE);
        List<SupernetNode> children = new ArrayList<>();
        for (int part = 0; part < parts.size(); part++) {
            Subspace of = parts.get(part);
            children.add(parent.child(part, of, List.of(of), TestTrees.SIZE, phase, width));
        }
        return children;
    }

    @Test
    void everyArchitectureIsServedByOneLeaf() {
        for (SupernetTree tree : List.of(
                threeLevels(),
                TestTrees.warmStart(SPACE, COUNTS, 10, 20),
                TestTrees.independent(SPACE, COUNTS, 20, false))) {
            assertThat(Enumeration.connected(SPACE)).allSatisfy(architecture -> assertThat(tree.leaves())
                    .filteredOn(leaf -> leaf.subspace().contains(architecture))
                    .containsExactly(tree.leafOf(architecture)));
        }
    }

    @Test
    void idsSayWhichPartOfWhichPartItIs() {
        SupernetTree tree = threeLevels();

        assertThat(tree.nodes())
                .extracting(SupernetNode::id)
                .containsExactly("root", "0", "1", "0.0", "0.1", "1.0", "1.1");
        assertThat(tree.leaves())
                .extracting(SupernetNode::describe)
                .containsExactly("supernet 0.0", "supernet 0.1", "supernet 1.0", "supernet 1.1");
        assertThat(tree.node("1.0").parent()).contains("1");
        assertThat(tree.node("root").parent()).isEmpty();
    }

    /** So that results are those of versions whose supernets had numbers. */
    @Test
    void keysOfTheFirstTwoLevelsAreThoseOfNumberedSupernets() {
        SupernetTree tree = TestTrees.warmStart(SPACE, COUNTS, 10, 20);

        assertThat(tree.nodes()).extracting(SupernetNode::key).containsExactly(-1L, 0L, 1L, 2L);
    }

    @Test
    void noTwoSupernetsHaveOneKey() {
        Set<Long> keys = new HashSet<>();
        Phase phase = new Phase(0, 1, 0, 1, false);
        Subspace whole = MaskSubspace.whole(SPACE);
        SupernetNode root = SupernetNode.root(whole, List.of(whole), TestTrees.SIZE, phase, 1);
        assertThat(keys.add(root.key())).isTrue();
        for (int first = 0; first < 40; first++) {
            SupernetNode one = root.child(first, whole, List.of(whole), TestTrees.SIZE, phase, 1);
            assertThat(keys.add(one.key())).isTrue();
            for (int second = 0; second < 40; second++) {
                SupernetNode two = one.child(second, whole, List.of(whole), TestTrees.SIZE, phase, 1);
                assertThat(keys.add(two.key())).isTrue();
                assertThat(keys.add(two.child(second, whole, List.of(whole), TestTrees.SIZE, phase, 1)
                                .key()))
                        .isTrue();
            }
        }
    }

    @Test
    void aSupernetTakesTheStepsOfAllItStandsFor() {
        SupernetTree tree = threeLevels();

        assertThat(tree.node("root").firstStep()).isZero();
        assertThat(tree.node("root").lastStep()).isEqualTo(40);
        assertThat(tree.node("0").firstStep()).isEqualTo(20);
        assertThat(tree.node("0").lastStep()).isEqualTo(40);
        assertThat(tree.node("1.1").firstStep()).isEqualTo(20);
        assertThat(tree.node("1.1").lastStep()).isEqualTo(40);
    }

    /** The second half is kept, and its first quarter. */
    @Test
    void whatIsDroppedServesNothingAndTheRestAsBefore() {
        Subspace whole = MaskSubspace.whole(SPACE);
        SupernetNode root = SupernetNode.root(whole, List.of(whole), TestTrees.SIZE, new Phase(0, 1, 0, 10, false), 1);
        SupernetTree halves = SupernetTree.of(SPACE, List.of(root))
                .plus(children(root, new HalvingSplitter(0), new Phase(1, 2, 10, 20, false), 1));
        SupernetTree half = halves.keeping("1");
        SupernetTree quarters =
                half.plus(children(half.node("1"), new HalvingSplitter(3), new Phase(2, 3, 20, 30, false), 1));
        SupernetTree quarter = quarters.keeping("1.0");

        assertThat(halves.hasDropped()).isFalse();
        assertThat(half.leaves()).extracting(SupernetNode::id).containsExactly("1");
        assertThat(quarters.leaves()).extracting(SupernetNode::id).containsExactly("1.0", "1.1");
        assertThat(quarter.leaves()).extracting(SupernetNode::id).containsExactly("1.0");
        assertThat(quarter.nodes()).hasSize(5);
        assertThat(quarter.nodes().stream().filter(quarter::isDropped))
                .extracting(SupernetNode::id)
                .containsExactly("0", "1.1");
        assertThat(quarter.siblings(quarter.node("1.0"))).containsExactly(quarter.node("1.1"));
        assertThat(quarter.siblings(quarter.node("root"))).isEmpty();
        assertThat(Enumeration.of(SPACE)).allSatisfy(architecture -> assertThat(quarter.serves(architecture))
                .isEqualTo(architecture.choice(0) >= 2 && architecture.choice(3) < 2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> threeLevels().keeping("1"))
                .withMessage("supernet 0 was split and cannot be dropped");
    }

    @Test
    void whatIsNoTreeIsRefused() {
        SupernetTree tree = TestTrees.independent(SPACE, COUNTS, 20, false);
        Phase phase = new Phase(0, 1, 0, 1, false);
        Subspace whole = MaskSubspace.whole(SPACE);
        SupernetNode root = SupernetNode.root(whole, List.of(whole), TestTrees.SIZE, phase, 1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> tree.plus(List.of(tree.node("1"))))
                .withMessage("two supernets have one id: [0, 1, 2, 1]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tree.plus(List.of(root.child(3, whole, List.of(whole), TestTrees.SIZE, phase, 1))))
                .withMessage("supernet 3 is a part of one that is not there: root");
        assertThatIllegalArgumentException().isThrownBy(() -> tree.node("0.1")).withMessage("there is no supernet 0.1");
    }

    /** As tasks receive it. */
    @Test
    void itTravels() throws IOException, ClassNotFoundException {
        SupernetTree tree = threeLevels();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(tree);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            SupernetTree copy = (SupernetTree) in.readObject();

            assertThat(copy.nodes())
                    .extracting(SupernetNode::id)
                    .isEqualTo(tree.nodes().stream().map(SupernetNode::id).toList());
            assertThat(copy.leafOf(SPACE.parse(
                                    "|nor_conv_3x3~0|+|skip_connect~0|none~1|+|none~0|skip_connect~1|none~2|"))
                            .id())
                    .isEqualTo("1.0");
        }
    }
}
