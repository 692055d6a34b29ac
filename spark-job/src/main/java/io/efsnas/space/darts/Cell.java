package io.efsnas.space.darts;

import io.efsnas.space.Architecture;
import io.efsnas.space.CellGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One of the two cells. Its nodes 0 and 1 are the outputs of the cells before the last one and of the last one; nodes 2 to
 * 5 are each the sum of what comes over the edges from all earlier nodes; its output is these four, one after the other.
 *
 * @param word the word for it in the text form
 * @param first the position of its first edge in an architecture
 * @param reduces whether it halves the resolution, on the edges from its inputs
 */
record Cell(String word, int first, boolean reduces) {

    /**
     * A connection of two nodes.
     *
     * @param index its position among the edges of a cell, ordered by target and then by source
     */
    record Edge(int index, int source, int target) {}

    static final int INPUTS = 2;
    static final int NODES = 6;

    static final List<Edge> EDGES = edges();

    static final Cell NORMAL = new Cell("normal", 0, false);
    static final Cell REDUCTION = new Cell("reduce", EDGES.size(), true);

    static final List<Cell> BOTH = List.of(NORMAL, REDUCTION);

    private static List<Edge> edges() {
        List<Edge> edges = new ArrayList<>();
        for (int target = INPUTS; target < NODES; target++) {
            for (int source = 0; source < target; source++) {
                edges.add(new Edge(edges.size(), source, target));
            }
        }
        return List.copyOf(edges);
    }

    /** The edges that enter a node, by their source. */
    static List<Edge> into(int target) {
        return EDGES.stream().filter(edge -> edge.target() == target).toList();
    }

    Operation operation(Architecture architecture, Edge edge) {
        return Operation.VALUES[architecture.choice(first + edge.index())];
    }

    /** The edges that an architecture has in this cell. */
    List<Edge> present(Architecture architecture) {
        return EDGES.stream()
                .filter(edge -> operation(architecture, edge) != Operation.NONE)
                .toList();
    }

    boolean strided(Edge edge) {
        return reduces && edge.source() < INPUTS;
    }

    /** Whether something enters each node, and so comes from an input to the output over every edge that there is. */
    boolean connected(Architecture architecture) {
        return IntStream.range(INPUTS, NODES)
                .allMatch(node -> present(architecture).stream().anyMatch(edge -> edge.target() == node));
    }

    /** The most nonlinear functions on a path from an input to the output; of a node that nothing enters there is none. */
    int nonlinearities(Architecture architecture) {
        int[] longest = {0, 0, -1, -1, -1, -1};
        int most = 0;
        for (Edge edge : present(architecture)) {
            if (longest[edge.source()] >= 0) {
                int length =
                        longest[edge.source()] + operation(architecture, edge).nonlinearities(strided(edge));
                longest[edge.target()] = Math.max(longest[edge.target()], length);
                most = Math.max(most, length);
            }
        }
        return most;
    }

    CellGraph drawing(Architecture architecture) {
        List<CellGraph.Connection> connections = new ArrayList<>();
        for (Edge edge : present(architecture)) {
            Operation operation = operation(architecture, edge);
            connections.add(new CellGraph.Connection(
                    edge.source(),
                    edge.target(),
                    operation.text(),
                    operation.nonlinearities(strided(edge)) > 0,
                    connected(architecture)));
        }
        for (int node = INPUTS; node < NODES; node++) {
            connections.add(new CellGraph.Connection(node, NODES, "", false, connected(architecture)));
        }
        return new CellGraph(
                reduces ? "reduction cell" : "normal cell",
                List.of("in 0", "in 1", "2", "3", "4", "5", "out"),
                connections);
    }
}
