package io.efsnas.driver.flow;

import io.efsnas.split.SupernetNode;
import io.efsnas.split.SupernetTree;
import java.util.List;
import java.util.Map;

/**
 * How far the supernets of a tree have been trained.
 *
 * @param byNode the number of rounds of its phase that each supernet has done
 */
record DoneRounds(SupernetTree tree, Map<String, Integer> byNode) {

    DoneRounds {
        byNode = Map.copyOf(byNode);
    }

    /** How many rounds of its phase a supernet has done; 0 of one that the tree did not have yet. */
    int of(SupernetNode node) {
        return byNode.getOrDefault(node.id(), 0);
    }

    /** Whether a supernet has done a round of the run, counted from 0. */
    boolean has(String node, int round) {
        return byNode.containsKey(node) && round < tree.node(node).phase().fromRound() + byNode.get(node);
    }

    /** Whether all supernets of a complete tree have done all their rounds. */
    boolean all() {
        return tree.nodes().stream().allMatch(node -> of(node) == node.phase().rounds());
    }

    /** Rounds of the run that each supernet at the end of the tree has behind it, those of its parents included. */
    List<Integer> ofLeaves() {
        return tree.leaves().stream().map(this::rounds).toList();
    }

    private int rounds(SupernetNode node) {
        int own = of(node);
        return own == 0
                ? node.parent().map(tree::node).map(this::rounds).orElse(0)
                : node.phase().fromRound() + own;
    }

    /** Rounds of all supernets together. */
    int total() {
        return byNode.values().stream().mapToInt(Integer::intValue).sum();
    }
}
