package io.efsnas.split;

import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The supernets of a search: each begins with weights of its own or is a part of another, its parent, and begins as a copy of
 * it unless its phase restarts. Those without children serve the space together, every architecture by one of them, unless
 * some are {@link #keeping dropped}. Immutable; it grows by {@link #plus}.
 */
public final class SupernetTree implements Serializable {

    private static final long serialVersionUID = 1;

    private final SearchSpace space;
    private final List<SupernetNode> nodes;
    private final Set<String> dropped;
    private final List<SupernetNode> leaves;

    /**
     * @param dropped the ids of those that serve nothing
     */
    private SupernetTree(SearchSpace space, List<SupernetNode> nodes, Set<String> dropped) {
        this.space = space;
        this.nodes = List.copyOf(nodes);
        this.dropped = Set.copyOf(dropped);
        Set<String> ids = nodes.stream().map(SupernetNode::id).collect(Collectors.toSet());
        if (ids.size() < nodes.size()) {
            throw new IllegalArgumentException("two supernets have one id: "
                    + nodes.stream().map(SupernetNode::id).toList());
        }
        Set<String> parents = nodes.stream().map(SupernetNode::origin).collect(Collectors.toSet());
        this.leaves = nodes.stream()
                .filter(node -> !parents.contains(node.id()) && !dropped.contains(node.id()))
                .toList();
        for (SupernetNode node : nodes) {
            if (node.parent().filter(parent -> !ids.contains(parent)).isPresent()) {
                throw new IllegalArgumentException(
                        node.describe() + " is a part of one that is not there: " + node.origin());
            }
        }
    }

    /** A tree of supernets that begin with weights of their own. */
    public static SupernetTree of(SearchSpace space, List<SupernetNode> roots) {
        return new SupernetTree(space, roots, Set.of());
    }

    /** The same tree with further supernets, whose parents it has. */
    public SupernetTree plus(List<SupernetNode> children) {
        List<SupernetNode> all = new ArrayList<>(nodes);
        all.addAll(children);
        return new SupernetTree(space, all, dropped);
    }

    /**
     * The same tree in which the siblings of a supernet are dropped: they stay in it, but serve nothing and have no children.
     *
     * @throws IllegalArgumentException if there is no such supernet, or one of its siblings has children
     */
    public SupernetTree keeping(String id) {
        List<SupernetNode> others = siblings(node(id));
        Set<String> without = new HashSet<>(dropped);
        for (SupernetNode other : others) {
            if (!leaves.contains(other) && !isDropped(other)) {
                throw new IllegalArgumentException(other.describe() + " was split and cannot be dropped");
            }
            without.add(other.id());
        }
        return new SupernetTree(space, nodes, without);
    }

    /** Whether a supernet serves nothing, since a sibling of it was kept. */
    public boolean isDropped(SupernetNode node) {
        return dropped.contains(node.id());
    }

    /** The others that are parts of the same supernet, in the order of the tree; none of one without a parent. */
    public List<SupernetNode> siblings(SupernetNode of) {
        return of.parent().isEmpty()
                ? List.of()
                : nodes.stream()
                        .filter(node ->
                                node.origin().equals(of.origin()) && !node.id().equals(of.id()))
                        .toList();
    }

    public SearchSpace space() {
        return space;
    }

    /** All supernets, parents before their children. */
    public List<SupernetNode> nodes() {
        return nodes;
    }

    /**
     * The supernet of an id.
     *
     * @throws IllegalArgumentException if there is none
     */
    public SupernetNode node(String id) {
        return nodes.stream()
                .filter(node -> node.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no " + SupernetNode.describe(id)));
    }

    /** The supernets that are trained in a phase. */
    public List<SupernetNode> in(Phase phase) {
        return nodes.stream().filter(node -> node.phase().equals(phase)).toList();
    }

    /** Those that no other begins with and that are not dropped. */
    public List<SupernetNode> leaves() {
        return leaves;
    }

    /**
     * The supernet without children that serves an architecture.
     *
     * @throws IllegalArgumentException if there is none
     */
    public SupernetNode leafOf(Architecture architecture) {
        return leaves.get(indexOfLeaf(architecture));
    }

    /** Whether some supernets are dropped, so that not every architecture is served. */
    public boolean hasDropped() {
        return !dropped.isEmpty();
    }

    /** Whether a supernet without children serves an architecture. */
    public boolean serves(Architecture architecture) {
        return leaves.stream().anyMatch(leaf -> leaf.subspace().contains(architecture));
    }

    /** The position among {@link #leaves} of the one that serves an architecture. */
    public int indexOfLeaf(Architecture architecture) {
        for (int i = 0; i < leaves.size(); i++) {
            if (leaves.get(i).subspace().contains(architecture)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no supernet serves " + space.format(architecture));
    }

    /**
     * Architectures by the supernets that serve them, the last leaf first: where a count splits, the subnets of later ones
     * take longest.
     */
    public Map<SupernetNode, List<Architecture>> byLeaf(List<Architecture> architectures) {
        Map<Integer, List<Architecture>> grouped =
                architectures.stream().collect(Collectors.groupingBy(this::indexOfLeaf));
        Map<SupernetNode, List<Architecture>> ordered = new LinkedHashMap<>();
        for (int leaf = leaves.size() - 1; leaf >= 0; leaf--) {
            if (grouped.containsKey(leaf)) {
                ordered.put(leaves.get(leaf), grouped.get(leaf));
            }
        }
        return ordered;
    }
}
