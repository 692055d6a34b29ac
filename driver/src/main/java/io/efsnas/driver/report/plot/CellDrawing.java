package io.efsnas.driver.report.plot;

import io.efsnas.space.CellGraph;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A cell as a picture: its nodes on a line, neighbours connected straight, the others by arcs that rise with their
 * span; above the line from even nodes, below it from odd ones, which leaves a cell of four nodes without crossings.
 *
 * @param name what the cell is
 * @param width the width in units of the picture
 * @param height the height in the same units
 * @param middle where the line of nodes is, from the top
 */
public record CellDrawing(
        String name, double width, double height, double middle, List<Node> nodes, List<Arrow> arrows) {

    public static final int RADIUS = 17;

    public record Node(double x, String label) {}

    /**
     * A connection.
     *
     * @param labelX the middle of its label
     * @param labelY the base line of its label
     */
    public record Arrow(CellGraph.Connection connection, String path, double labelX, double labelY) {}

    private static final int MARGIN = 24;
    private static final int STEP = 160;
    private static final int RISE = 74;
    private static final int LABEL_GAP = 12;

    public static CellDrawing of(CellGraph cell) {
        int highest = highest(cell, 0);
        int lowest = highest(cell, 1);
        double middle = MARGIN + Math.max(highest, RADIUS);
        return new CellDrawing(
                cell.name(),
                2 * MARGIN + (cell.nodes().size() - 1) * STEP,
                middle + Math.max(lowest, RADIUS) + MARGIN,
                middle,
                IntStream.range(0, cell.nodes().size())
                        .mapToObj(node -> new Node(x(node), cell.nodes().get(node)))
                        .toList(),
                cell.connections().stream()
                        .map(connection -> arrow(connection, middle))
                        .toList());
    }

    private static int x(int node) {
        return MARGIN + node * STEP;
    }

    private static int highest(CellGraph cell, int parity) {
        return cell.connections().stream()
                .filter(connection -> connection.source() % 2 == parity)
                .mapToInt(CellDrawing::rise)
                .max()
                .orElse(0);
    }

    /** How far the arc's middle is from the line of nodes. */
    private static int rise(CellGraph.Connection connection) {
        return (connection.target() - connection.source() - 1) * RISE;
    }

    private static Arrow arrow(CellGraph.Connection connection, double middle) {
        int from = x(connection.source());
        int to = x(connection.target());
        double side = connection.source() % 2 == 0 ? -1 : 1;
        double rise = rise(connection);
        if (rise == 0) {
            return new Arrow(
                    connection,
                    "M%s %sH%s".formatted(from + RADIUS, middle, to - RADIUS),
                    (from + to) / 2.0,
                    middle - LABEL_GAP);
        }
        double begin = middle + side * RADIUS;
        // A Bezier curve comes three quarters of the way to its control points.
        double control = begin + side * (rise - RADIUS) * 4 / 3;
        return new Arrow(
                connection,
                "M%s %sC%s %s %s %s %s %s".formatted(from, begin, from, control, to, control, to, begin),
                (from + to) / 2.0,
                middle + side * rise - LABEL_GAP);
    }
}
