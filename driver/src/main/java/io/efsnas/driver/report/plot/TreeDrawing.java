package io.efsnas.driver.report.plot;

import io.efsnas.driver.run.NodeRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The tree of supernets as a picture: the first ones on the left, those that began as copies of them to the right of them,
 * and those without such copies below each other.
 *
 * @param width in units of the picture
 * @param height in the same
 */
public record TreeDrawing(double width, double height, List<Node> nodes, List<String> links) {

    public static final int RADIUS = 6;

    /** A supernet; its label stands to the right of it. */
    public record Node(double x, double y, int colour, String label) {}

    private static final int MARGIN = 12;
    private static final int ROW = 30;
    private static final int GAP = 12;
    private static final int LINK = 56;

    /** The width of a letter. */
    private static final double LETTER = 7;

    /** The tree of a search; empty if no supernet began as a copy of another. */
    public static Optional<TreeDrawing> of(Legend legend) {
        List<NodeRecord> tree = legend.tree();
        List<NodeRecord> ends = tree.stream()
                .filter(node -> children(tree, node).findAny().isEmpty())
                .toList();
        if (tree.size() == ends.size()) {
            return Optional.empty();
        }
        double column = LINK
                + GAP
                + LETTER
                        * tree.stream()
                                .mapToInt(node -> label(node).length())
                                .max()
                                .orElseThrow();
        Map<String, Node> drawn = new HashMap<>();
        for (int i = tree.size() - 1; i >= 0; i--) { // children before their parents
            NodeRecord node = tree.get(i);
            double y = children(tree, node)
                    .mapToDouble(child -> drawn.get(child.node()).y())
                    .average()
                    .orElseGet(() -> MARGIN + RADIUS + ROW * ends.indexOf(node));
            drawn.put(
                    node.node(),
                    new Node(MARGIN + RADIUS + column * depth(tree, node), y, legend.colour(node.node()), label(node)));
        }
        List<String> links = tree.stream()
                .filter(node -> node.parent() != null)
                .map(node -> link(drawn.get(node.parent()), drawn.get(node.node())))
                .toList();
        return Optional.of(new TreeDrawing(
                drawn.values().stream().mapToDouble(Node::x).max().orElseThrow() + column,
                2 * (MARGIN + RADIUS) + ROW * (ends.size() - 1),
                tree.stream().map(node -> drawn.get(node.node())).toList(),
                links));
    }

    private static String label(NodeRecord node) {
        return node.node() + " · " + node.subspace() + (node.wasDropped() ? " · dropped" : "");
    }

    private static Stream<NodeRecord> children(List<NodeRecord> tree, NodeRecord of) {
        return tree.stream().filter(node -> of.node().equals(node.parent()));
    }

    private static long depth(List<NodeRecord> tree, NodeRecord node) {
        return Stream.iterate(Optional.of(node), Optional::isPresent, any -> any.flatMap(child -> parent(tree, child)))
                        .count()
                - 1;
    }

    private static Optional<NodeRecord> parent(List<NodeRecord> tree, NodeRecord child) {
        return tree.stream().filter(node -> node.node().equals(child.parent())).findFirst();
    }

    /** A curve from the end of the parent's label to the child. */
    private static String link(Node parent, Node child) {
        double from = parent.x() + 2 * GAP + LETTER * parent.label().length();
        double to = child.x() - RADIUS - 2;
        double middle = (from + to) / 2;
        return "M" + from + " " + parent.y() + "C" + middle + " " + parent.y() + " " + middle + " " + child.y() + " "
                + to + " " + child.y();
    }
}
