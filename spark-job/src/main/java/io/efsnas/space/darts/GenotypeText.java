package io.efsnas.space.darts;

import io.efsnas.space.Architecture;
import io.efsnas.space.darts.Cell.Edge;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The text form of an architecture, {@code normal |op~input|...|+...+|op~input|...| reduce ...}: for each cell and each of its
 * nodes 2 to 5 the operations that enter it, an edge that is not there left out. A genotype in Python, as DARTS and others
 * publish them, can be read too.
 */
final class GenotypeText {

    private static final Pattern TEXT = Pattern.compile("normal (\\S+) reduce (\\S+)");
    private static final Pattern NODE = Pattern.compile("\\|(\\||(\\w+~\\d+\\|)+)");
    private static final Pattern PYTHON =
            Pattern.compile("Genotype\\( ?normal ?= ?\\[([^]]*)] ?, ?normal_concat ?= ?([^=]*?) ?,"
                    + " ?reduce ?= ?\\[([^]]*)] ?, ?reduce_concat ?= ?([^=]*?) ?,? ?\\)");
    private static final Pattern PAIR = Pattern.compile("\\( ?['\"](\\w+)['\"] ?, ?(\\d+) ?\\)");
    private static final Pattern ALL_NODES = Pattern.compile("range\\(2, ?6\\)|\\[2, ?3, ?4, ?5]");
    private static final int PAIRS_OF_NODE = 2;

    private static final String FORM =
            "normal |op~0|op~1|+|op~0|op~2|+|op~1|op~3|+|op~0|op~4| reduce and another four nodes,"
                    + " each with any of its inputs and op one of " + Operation.words()
                    + "; or Genotype(normal=[...], normal_concat=range(2, 6), reduce=[...], reduce_concat=range(2, 6))";

    private GenotypeText() {}

    static String format(Architecture architecture) {
        return Cell.BOTH.stream()
                .map(cell -> cell.word() + " "
                        + IntStream.range(Cell.INPUTS, Cell.NODES)
                                .mapToObj(node -> node(cell, node, architecture))
                                .collect(Collectors.joining("+")))
                .collect(Collectors.joining(" "));
    }

    private static String node(Cell cell, int node, Architecture architecture) {
        String inputs = cell.present(architecture).stream()
                .filter(edge -> edge.target() == node)
                .map(edge -> cell.operation(architecture, edge).text() + "~" + edge.source() + "|")
                .collect(Collectors.joining());
        return "|" + (inputs.isEmpty() ? "|" : inputs);
    }

    static Architecture parse(String given) {
        String text = given.strip().replaceAll("\\s+", " ");
        Matcher words = TEXT.matcher(text);
        if (words.matches()) {
            return new Parsing(text).ofNodes(words.group(1), words.group(2));
        }
        Matcher python = PYTHON.matcher(text);
        if (python.matches()
                && ALL_NODES.matcher(python.group(2)).matches()
                && ALL_NODES.matcher(python.group(4)).matches()) {
            return new Parsing(text).ofPairs(python.group(1), python.group(3));
        }
        throw new IllegalArgumentException("'" + text + "' is not an architecture; expected " + FORM);
    }

    /** The choices that a text has named so far. */
    private record Parsing(String text, List<Integer> choices) {

        Parsing(String text) {
            this(text, new ArrayList<>(Collections.nCopies(2 * Cell.EDGES.size(), Operation.NONE.ordinal())));
        }

        Architecture ofNodes(String... cells) {
            for (int i = 0; i < cells.length; i++) {
                String[] nodes = cells[i].split("\\+", -1);
                if (nodes.length != Cell.NODES - Cell.INPUTS
                        || !Arrays.stream(nodes)
                                .allMatch(node -> NODE.matcher(node).matches())) {
                    throw new IllegalArgumentException("the " + Cell.BOTH.get(i).word() + " cell of '" + text
                            + "' is not four nodes with their inputs; expected " + FORM);
                }
                for (int node = 0; node < nodes.length; node++) {
                    for (String input : nodes[node].split("\\|")) {
                        if (!input.isEmpty()) {
                            String[] both = input.split("~");
                            add(Cell.BOTH.get(i), Cell.INPUTS + node, both[0], both[1]);
                        }
                    }
                }
            }
            return new Architecture(choices);
        }

        Architecture ofPairs(String... cells) {
            for (int i = 0; i < cells.length; i++) {
                Matcher pair = PAIR.matcher(cells[i]);
                int pairs = 0;
                for (; pair.find(); pairs++) {
                    int node = Math.min(Cell.NODES - 1, Cell.INPUTS + pairs / PAIRS_OF_NODE);
                    add(Cell.BOTH.get(i), node, pair.group(1), pair.group(2));
                }
                if (pairs != PAIRS_OF_NODE * (Cell.NODES - Cell.INPUTS)) {
                    throw new IllegalArgumentException("the " + Cell.BOTH.get(i).word() + " cell of '" + text + "' has "
                            + pairs + " operations; expected two for each of its four nodes");
                }
            }
            return new Architecture(choices);
        }

        private void add(Cell cell, int node, String word, String source) {
            Operation operation = Arrays.stream(Operation.VALUES)
                    .filter(any -> any.text().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "unknown operation '" + word + "' in '" + text + "'; expected " + FORM));
            String place = "node " + node + " of the " + cell.word() + " cell of '" + text + "'";
            Edge edge = Cell.into(node).stream()
                    .filter(any -> Integer.toString(any.source()).equals(source))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            place + " cannot have the input " + source + "; expected 0 to " + (node - 1)));
            int position = cell.first() + edge.index();
            if (choices.get(position) != Operation.NONE.ordinal()) {
                throw new IllegalArgumentException(
                        place + " has two operations on the input " + source + "; expected one, as in DARTS");
            }
            choices.set(position, operation.ordinal());
        }
    }
}
