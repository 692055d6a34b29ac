package io.efsnas.driver.report.plot;

import io.efsnas.driver.run.NodeRecord;
import io.efsnas.driver.run.SearchRecord;
import io.efsnas.split.SupernetNode;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What the supernets are called in the report, and their colours: a ramp from amber to indigo, in the order of the
 * subspaces, that stays in order for colour-blind readers. Its stops are the style sheet's classes {@code c0} to
 * {@code c5}; {@code c6} is neutral, for supernets that are split or dropped.
 *
 * @param tree all supernets
 * @param leaves those at its end that are not dropped
 */
public record Legend(List<NodeRecord> tree, List<NodeRecord> leaves) {

    static final int NEUTRAL = 6;

    private static final int STOPS = 6;

    /** The legend of a search. */
    public static Legend of(SearchRecord search) {
        return new Legend(search.tree(), search.leaves());
    }

    /** The number of the colour of a supernet by its id. */
    public int colour(String node) {
        return IntStream.range(0, leaves.size())
                .filter(leaf -> leaves.get(leaf).node().equals(node))
                .map(this::colour)
                .findFirst()
                .orElse(NEUTRAL);
    }

    /** The number of the colour of a supernet by its place among those at the end of the tree. */
    public int colour(int leaf) {
        return (int) Math.round((double) leaf * (STOPS - 1) / Math.max(1, leaves.size() - 1));
    }

    /** Such as {@code supernet 0: subspace 0,1}. */
    String label(String node) {
        return SupernetNode.describe(node)
                + recorded(node).map(of -> ": subspace " + of.subspace()).orElse("");
    }

    /** How many supernets at the end of the tree a supernet stands for. */
    int width(String node) {
        return recorded(node).map(NodeRecord::width).orElse(1);
    }

    /** The supernet that another one began as a copy of, if it began as one. */
    Optional<String> copied(String node) {
        return recorded(node).flatMap(NodeRecord::copied);
    }

    /** Of ids: as in the tree, where parents come before their children. */
    Comparator<String> order() {
        List<String> ids = tree.stream().map(NodeRecord::node).toList();
        return Comparator.<String>comparingInt(ids::indexOf).thenComparing(Comparator.naturalOrder());
    }

    private Optional<NodeRecord> recorded(String node) {
        return tree.stream().filter(one -> one.node().equals(node)).findFirst();
    }
}
