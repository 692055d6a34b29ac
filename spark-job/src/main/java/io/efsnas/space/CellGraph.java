package io.efsnas.space;

import java.util.List;

/**
 * A cell that a network repeats, as a graph for people to look at.
 *
 * @param name what it is, such as {@code normal cell}
 * @param nodes the labels of its nodes, of four letters at most; inputs come first, and the last is its output
 * @param connections those that the architecture has, each from a node to a later one
 */
public record CellGraph(String name, List<String> nodes, List<Connection> connections) {

    /**
     * What happens to the features between two nodes.
     *
     * @param operation the operation in the space's own word; empty if there is none, as where outputs are put together
     * @param nonlinear whether the operation has a nonlinear function
     * @param live whether it lies on a path from the input to the output
     */
    public record Connection(int source, int target, String operation, boolean nonlinear, boolean live) {}

    public CellGraph {
        nodes = List.copyOf(nodes);
        connections = List.copyOf(connections);
        for (Connection connection : connections) {
            if (connection.source() < 0
                    || connection.source() >= connection.target()
                    || connection.target() >= nodes.size()) {
                throw new IllegalArgumentException(
                        "a cell of the nodes " + nodes + " cannot have the connection " + connection);
            }
        }
    }
}
