package io.efsnas.space.darts;

import io.efsnas.space.darts.Cell.Edge;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * How many connected versions of a cell have each count of nonlinear functions, and draws of them. The longest paths to the
 * nodes are all that a count depends on: no more than a few hundred lists of four numbers, which are gone through in place
 * of all versions.
 */
final class CellCounts {

    /**
     * Versions that have the same longest path to each node.
     *
     * @param longest the most nonlinear functions on a path to each node, the inputs first
     * @param versions how many there are
     */
    private record Alike(List<Integer> longest, long versions) {}

    private final Cell cell;
    private final SortedMap<Integer, List<Alike>> byCount = new TreeMap<>();

    CellCounts(Cell cell) {
        this.cell = cell;
        extend(Collections.nCopies(Cell.INPUTS, 0), 1);
    }

    private void extend(List<Integer> longest, long versions) {
        if (longest.size() == Cell.NODES) {
            byCount.computeIfAbsent(Collections.max(longest), count -> new ArrayList<>())
                    .add(new Alike(longest, versions));
            return;
        }
        List<Edge> edges = Cell.into(longest.size());
        int most = Collections.max(longest) + 2;
        for (int length = 0; length <= most; length++) {
            long ways = within(edges, longest, length) - within(edges, longest, length - 1);
            if (ways > 0) {
                List<Integer> further = new ArrayList<>(longest);
                further.add(length);
                extend(List.copyOf(further), versions * ways);
            }
        }
    }

    /** How many choices of operations for some edges make no path longer than a length; {@code none} on all of them is one. */
    private long within(List<Edge> edges, List<Integer> longest, int length) {
        long ways = 1;
        for (Edge edge : edges) {
            ways *= fitting(edge, longest, length).size();
        }
        return ways;
    }

    private List<Operation> fitting(Edge edge, List<Integer> longest, int length) {
        List<Operation> fitting = new ArrayList<>();
        for (Operation operation : Operation.VALUES) {
            if (operation == Operation.NONE || length(operation, edge, longest) <= length) {
                fitting.add(operation);
            }
        }
        return fitting;
    }

    private int length(Operation operation, Edge edge, List<Integer> longest) {
        return longest.get(edge.source()) + operation.nonlinearities(cell.strided(edge));
    }

    /** How many versions have each count. */
    SortedMap<Integer, BigInteger> sizes() {
        SortedMap<Integer, BigInteger> sizes = new TreeMap<>();
        byCount.keySet().forEach(count -> sizes.put(count, BigInteger.valueOf(size(count))));
        return sizes;
    }

    private long size(int count) {
        return byCount.get(count).stream().mapToLong(Alike::versions).sum();
    }

    /**
     * The choices of a version that is drawn uniformly from those with a count: first its longest paths, by how many versions
     * have them, then edge by edge an operation, by how many versions go on from it.
     */
    List<Integer> sample(int count, RandomGenerator random) {
        long rank = random.nextLong(size(count));
        int drawn = 0;
        List<Alike> alike = byCount.get(count);
        while (rank >= alike.get(drawn).versions()) {
            rank -= alike.get(drawn).versions();
            drawn++;
        }
        List<Integer> longest = alike.get(drawn).longest();
        List<Integer> choices = new ArrayList<>();
        for (int node = Cell.INPUTS; node < Cell.NODES; node++) {
            addChoices(Cell.into(node), longest, choices, random);
        }
        return choices;
    }

    /** Of edges into one node, of which at least one has to bring the longest path. */
    private void addChoices(List<Edge> edges, List<Integer> longest, List<Integer> choices, RandomGenerator random) {
        int wanted = longest.get(edges.get(0).target());
        boolean reached = false;
        for (int i = 0; i < edges.size(); i++) {
            List<Edge> rest = edges.subList(i + 1, edges.size());
            long ways = within(rest, longest, wanted);
            long waysThatReach = ways - within(rest, longest, wanted - 1);
            List<Operation> fitting = fitting(edges.get(i), longest, wanted);
            long all = 0;
            for (Operation operation : fitting) {
                all += reached || reaches(operation, edges.get(i), longest, wanted) ? ways : waysThatReach;
            }
            long rank = random.nextLong(all);
            for (Operation operation : fitting) {
                boolean now = reached || reaches(operation, edges.get(i), longest, wanted);
                rank -= now ? ways : waysThatReach;
                if (rank < 0) {
                    choices.add(operation.ordinal());
                    reached = now;
                    break;
                }
            }
        }
    }

    private boolean reaches(Operation operation, Edge edge, List<Integer> longest, int wanted) {
        return operation != Operation.NONE && length(operation, edge, longest) == wanted;
    }
}
