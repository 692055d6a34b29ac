package io.efsnas.space.nasbench201;

import io.efsnas.network.Cost;
import io.efsnas.network.Layer;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.network.Shape;
import io.efsnas.space.Architecture;
import io.efsnas.space.CellGraph;
import io.efsnas.space.Counted;
import io.efsnas.space.SearchSpace;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The NAS-Bench-201 space (Dong, Yang, ICLR 2020): a cell of four nodes, one of five operations on each of its six
 * edges, 15,625 architectures. All cells of a network share the architecture.
 *
 * <p>The count of an architecture is the largest number of ReLU-convolution-norm blocks on any path from the cell's
 * input to its output; a path with a {@code none} edge is no path (Oh, Lee, Ham, AAAI 2025).
 */
public final class NasBench201Space implements SearchSpace, Counted {

    /** What an edge can carry, in the benchmark's order; a choice of an {@link Architecture} is an ordinal of this. */
    public enum Operation {
        NONE("none"),
        SKIP_CONNECT("skip_connect"),
        CONVOLUTION_1X1("nor_conv_1x1"),
        CONVOLUTION_3X3("nor_conv_3x3"),
        AVERAGE_POOL_3X3("avg_pool_3x3");

        private static final Operation[] VALUES = values();

        private final String text;

        Operation(String text) {
            this.text = text;
        }

        boolean isConvolution() {
            return kernel() > 0;
        }

        /** The side of the convolution's kernel, 0 for operations that are none. */
        int kernel() {
            return switch (this) {
                case CONVOLUTION_1X1 -> 1;
                case CONVOLUTION_3X3 -> 3;
                default -> 0;
            };
        }
    }

    /** A connection of two nodes of the cell; node 0 is its input, node 3 its output. */
    private record Edge(int source, int target) {
        String label() {
            return source + "-" + target;
        }
    }

    private static final long serialVersionUID = 1;
    private static final int NODES = 4;
    private static final int OUTPUT = NODES - 1;
    private static final int STAGES = 3;
    /** In the order in which the text form lists them. */
    private static final List<Edge> EDGES =
            List.of(new Edge(0, 1), new Edge(0, 2), new Edge(1, 2), new Edge(0, 3), new Edge(1, 3), new Edge(2, 3));

    private static final Pattern TEXT =
            Pattern.compile("\\|(\\w+)~0\\|\\+\\|(\\w+)~0\\|(\\w+)~1\\|\\+\\|(\\w+)~0\\|(\\w+)~1\\|(\\w+)~2\\|");
    private static final String FORM = "|op~0|+|op~0|op~1|+|op~0|op~1|op~2| with op one of "
            + String.join(", ", Arrays.stream(Operation.VALUES).map(o -> o.text).toList());

    @Override
    public String name() {
        return "nas-bench-201";
    }

    @Override
    public List<Integer> choices() {
        return Collections.nCopies(EDGES.size(), Operation.VALUES.length);
    }

    @Override
    public OptionalInt emptyChoice(int position) {
        return OptionalInt.of(Operation.NONE.ordinal());
    }

    @Override
    public Architecture parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not an architecture; expected " + FORM);
        }
        List<Integer> choices = new ArrayList<>();
        for (int edge = 0; edge < EDGES.size(); edge++) {
            choices.add(operationNamed(matcher.group(edge + 1), text).ordinal());
        }
        return new Architecture(choices);
    }

    private static Operation operationNamed(String name, String text) {
        return Arrays.stream(Operation.VALUES)
                .filter(operation -> operation.text.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "unknown operation '" + name + "' in '" + text + "'; expected " + FORM));
    }

    @Override
    public String format(Architecture architecture) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < EDGES.size(); i++) {
            Edge edge = EDGES.get(i);
            if (edge.source() == 0) {
                text.append(i == 0 ? "|" : "+|");
            }
            text.append(operation(architecture, i).text)
                    .append('~')
                    .append(edge.source())
                    .append('|');
        }
        return text.toString();
    }

    @Override
    public int nonlinearities(Architecture architecture) {
        return Math.max(0, longestPath(architecture));
    }

    @Override
    public SortedMap<Integer, BigInteger> sizes() {
        return Sizes.BY_COUNT;
    }

    /** Counted once by a process, and only if somebody asks. */
    private static final class Sizes {
        static final SortedMap<Integer, BigInteger> BY_COUNT =
                Collections.unmodifiableSortedMap(Counted.listed(new NasBench201Space()));
    }

    @Override
    public boolean connected(Architecture architecture) {
        return longestPath(architecture) >= 0;
    }

    /** The most convolution blocks on a path from the cell's input to its output, -1 if there is no path. */
    private static int longestPath(Architecture architecture) {
        int[] longest = {0, -1, -1, -1};
        for (int i = 0; i < EDGES.size(); i++) {
            Edge edge = EDGES.get(i);
            Operation operation = operation(architecture, i);
            if (operation != Operation.NONE && longest[edge.source()] >= 0) {
                int length = longest[edge.source()] + (operation.isConvolution() ? 1 : 0);
                longest[edge.target()] = Math.max(longest[edge.target()], length);
            }
        }
        return longest[OUTPUT];
    }

    /** For each edge, whether it lies on a path from the cell's input to its output. */
    private static boolean[] liveEdges(Architecture architecture) {
        boolean[] reached = {true, false, false, false};
        for (int i = 0; i < EDGES.size(); i++) {
            if (operation(architecture, i) != Operation.NONE
                    && reached[EDGES.get(i).source()]) {
                reached[EDGES.get(i).target()] = true;
            }
        }
        boolean[] needed = {false, false, false, true};
        boolean[] live = new boolean[EDGES.size()];
        // Edges are listed by target, so going backwards sees every edge that leaves a node before those that enter it.
        for (int i = EDGES.size() - 1; i >= 0; i--) {
            Edge edge = EDGES.get(i);
            live[i] = operation(architecture, i) != Operation.NONE && reached[edge.source()] && needed[edge.target()];
            needed[edge.source()] |= live[i];
        }
        return live;
    }

    @Override
    public Architecture live(Architecture architecture) {
        boolean[] live = liveEdges(architecture);
        List<Integer> choices = new ArrayList<>();
        for (int i = 0; i < EDGES.size(); i++) {
            choices.add(live[i] ? architecture.choice(i) : Operation.NONE.ordinal());
        }
        return new Architecture(choices);
    }

    private static Operation operation(Architecture architecture, int edge) {
        return Operation.VALUES[architecture.choice(edge)];
    }

    @Override
    public Network network(Architecture architecture, ModelSize size) {
        if (!connected(architecture)) {
            throw new IllegalArgumentException("the image does not reach the output of " + format(architecture));
        }
        if (size.image().height() % 4 != 0 || size.image().width() % 4 != 0) {
            throw new IllegalArgumentException("the resolution must be a multiple of 4 for " + name()
                    + ", which halves it twice, not " + size.image());
        }
        Network.Builder net = new Network.Builder(size.image());
        int value = net.endBlock(
                net.batchNorm(net.convolution(net.image(), "stem.conv", size.channels(), 3, 1), "stem.norm"));
        for (int stage = 0; stage < STAGES; stage++) {
            if (stage > 0) {
                value = net.endBlock(reduction(net, value, "reduction" + stage, size.channels() << stage));
            }
            for (int cell = 0; cell < size.cells(); cell++) {
                value = net.endBlock(cell(net, value, "stage" + (stage + 1) + ".cell" + (cell + 1), architecture));
            }
        }
        value = net.relu(net.batchNorm(value, "last.norm"));
        net.linear(net.globalAveragePool(value), "classifier", size.classes());
        return net.build();
    }

    /** A residual block of stride 2 that doubles the channels. */
    private static int reduction(Network.Builder net, int input, String name, int channels) {
        int a = net.convolution(net.relu(input), name + ".a.conv", channels, 3, 2);
        int b = net.convolution(net.relu(net.batchNorm(a, name + ".a.norm")), name + ".b.conv", channels, 3, 1);
        int shortcut = net.convolution(net.averagePool(input, 2, 2, 0), name + ".shortcut.conv", channels, 1, 1);
        return net.sum(List.of(net.batchNorm(b, name + ".b.norm"), shortcut));
    }

    private static int cell(Network.Builder net, int input, String name, Architecture architecture) {
        boolean[] live = liveEdges(architecture);
        int[] values = new int[NODES];
        Integer[] rectified = new Integer[NODES];
        values[0] = input;
        for (int target = 1; target < NODES; target++) {
            List<Integer> terms = new ArrayList<>();
            List<Integer> computed = new ArrayList<>();
            for (int i = 0; i < EDGES.size(); i++) {
                Edge edge = EDGES.get(i);
                if (!live[i] || edge.target() != target) {
                    continue;
                }
                int source = edge.source();
                Operation operation = operation(architecture, i);
                if (operation.isConvolution() && rectified[source] == null) {
                    rectified[source] = net.relu(values[source]);
                }
                switch (operation) {
                    case SKIP_CONNECT -> terms.add(values[source]);
                    case AVERAGE_POOL_3X3 -> computed.add(net.averagePool(values[source], 3, 1, 1));
                    default -> computed.add(block(net, rectified[source], name + "." + edge.label(), operation));
                }
                if (operation != Operation.SKIP_CONNECT) {
                    terms.add(computed.get(computed.size() - 1));
                }
            }
            if (terms.size() > 1) { // else nothing would be left of a node's value
                computed.forEach(net::path);
            }
            if (!terms.isEmpty()) {
                values[target] = net.sum(terms);
            }
        }
        return values[OUTPUT];
    }

    private static int block(Network.Builder net, int rectified, String edge, Operation operation) {
        String name = edge + "." + operation.text;
        int channels = net.shape(rectified).channels();
        return net.batchNorm(
                net.convolution(rectified, name + ".conv", channels, operation.kernel(), 1), name + ".norm");
    }

    @Override
    public Cost cost(Architecture architecture, ModelSize size) {
        Cost cost = network(allOf(Operation.SKIP_CONNECT), size).cost();
        for (int stage = 0; stage < STAGES; stage++) {
            int channels = size.channels() << stage;
            Shape shape = new Shape(
                    channels, size.image().height() >> stage, size.image().width() >> stage);
            for (int edge = 0; edge < EDGES.size(); edge++) {
                Operation operation = operation(architecture, edge);
                if (operation.isConvolution()) {
                    cost = cost.plus(blockCost(shape, operation).times(size.cells()));
                }
            }
        }
        return cost;
    }

    private static Cost blockCost(Shape shape, Operation operation) {
        int channels = shape.channels();
        return new Layer.Convolution("block", channels, channels, operation.kernel(), 1)
                .cost(shape)
                .plus(new Layer.BatchNorm("block", channels).cost(shape));
    }

    @Override
    public List<CellGraph> drawings(Architecture architecture) {
        boolean[] live = liveEdges(architecture);
        List<CellGraph.Connection> connections = new ArrayList<>();
        for (int i = 0; i < EDGES.size(); i++) {
            Edge edge = EDGES.get(i);
            Operation operation = operation(architecture, i);
            if (operation != Operation.NONE) {
                connections.add(new CellGraph.Connection(
                        edge.source(), edge.target(), operation.text, operation.isConvolution(), live[i]));
            }
        }
        return List.of(new CellGraph("cell", List.of("in", "1", "2", "out"), connections));
    }

    @Override
    public List<List<Integer>> edgesIntoNodes() {
        return IntStream.rangeClosed(1, OUTPUT)
                .mapToObj(node -> IntStream.range(0, EDGES.size())
                        .filter(edge -> EDGES.get(edge).target() == node)
                        .boxed()
                        .toList())
                .toList();
    }

    @Override
    public List<Architecture> covering() {
        return List.of(allOf(Operation.CONVOLUTION_1X1), allOf(Operation.CONVOLUTION_3X3));
    }

    private static Architecture allOf(Operation operation) {
        return new Architecture(Collections.nCopies(EDGES.size(), operation.ordinal()));
    }
}
