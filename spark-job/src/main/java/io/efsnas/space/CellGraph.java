package io.efsnas.space;

import java.util.List;

/**
 * The cell that a network repeats, as a graph for people to look at.
 *
 * @param nodes numbered from 0, the cell's input, to the last, its output
 * @param connections those that the architecture has, each from a node to a later one
 */
public record CellGraph(int nodes, List<Connection> connections) {

    /**
     * What happens to the features between two nodes.
     *
     * @param operation the operation in the space's own word
     * @param nonlinear whether the operation has a nonlinear function
     * @param live whether it lies on a path from the input to the output
     */
    public record Connection(int source, int target, String operation, boolean nonlinear, boolean live) {}

    public CellGraph {
        connections = List.copyOf(connections);
        for (Connection connection : connections) {
            if (connection.source() < 0 || connection.source() >= connection.target() || connection.target() >= nodes) {
                throw new IllegalArgumentException(
                        "a cell of " + nodes + " nodes cannot have the connection " + connection);
            }
        }
    }
}
