package io.efsnas.network;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The layers of one architecture, in an order in which each can be computed from earlier ones. The first node is the
 * image, the last gives one value per class. Immutable.
 */
public final class Network {

    /**
     * A layer in its place.
     *
     * @param index its position in {@link Network#nodes()}
     * @param inputs the positions of the nodes whose outputs it takes, all smaller than {@code index}
     * @param shape the shape of its output
     */
    public record Node(int index, Layer layer, List<Integer> inputs, Shape shape) implements Serializable {}

    private final List<Node> nodes;
    private final List<Integer> blocks;
    private final List<Integer> paths;
    private final OptionalInt headPlace;

    private Network(Builder builder) {
        this.nodes = List.copyOf(builder.nodes);
        this.blocks = List.copyOf(builder.blocks);
        this.paths = List.copyOf(builder.paths);
        this.headPlace = builder.headPlace;
    }

    public List<Node> nodes() {
        return nodes;
    }

    /**
     * The positions of the nodes whose outputs are those of the network's blocks, in order: the first ends the stem, each
     * other one depends on the image through the one before it alone. A block that computes nothing, such as a cell of
     * skip connections, has the position of the one before it. Empty if the network is no row of blocks.
     */
    public List<Integer> blocks() {
        return blocks;
    }

    /**
     * The positions of the nodes that drop path may leave out of a training step, in order: each is the last layer of a way
     * beside others. Empty if this space has no such ways.
     */
    public List<Integer> paths() {
        return paths;
    }

    /** The position of the node whose output an {@link AuxiliaryHead} takes; empty if this space has no place for one. */
    public OptionalInt headPlace() {
        return headPlace;
    }

    public Shape image() {
        return nodes.get(0).shape();
    }

    public int classes() {
        return nodes.get(nodes.size() - 1).shape().channels();
    }

    /** The learned tensors, in the order of their layers. */
    public List<Weight> weights() {
        return nodes.stream().flatMap(node -> node.layer().weights().stream()).toList();
    }

    /** The same network with batch norms that learn in a supernet, too. */
    public Network withAffineNorms() {
        Builder builder = new Builder(image());
        for (Node node : nodes.subList(1, nodes.size())) {
            builder.add(
                    node.layer() instanceof Layer.BatchNorm norm
                            ? new Layer.BatchNorm(norm.name(), norm.channels(), true)
                            : node.layer(),
                    node.inputs());
        }
        builder.blocks.addAll(blocks);
        builder.paths.addAll(paths);
        builder.headPlace = headPlace;
        return builder.build();
    }

    /** What the final network of these layers costs. */
    public Cost cost() {
        return nodes.stream().map(node -> node.layer().cost(node.shape())).reduce(Cost.ZERO, Cost::plus);
    }

    /** Builds a network from the image on; every method gives the index of the node it added. */
    public static final class Builder {
        private final List<Node> nodes = new ArrayList<>();
        private final List<Integer> blocks = new ArrayList<>();
        private final List<Integer> paths = new ArrayList<>();
        private OptionalInt headPlace = OptionalInt.empty();

        public Builder(Shape image) {
            add(new Layer.Input(image));
        }

        /** Goes on from a network but for its last node. */
        Builder(Network network) {
            nodes.addAll(network.nodes.subList(0, network.nodes.size() - 1));
            blocks.addAll(network.blocks);
            paths.addAll(network.paths);
        }

        /** The index of the image. */
        public int image() {
            return 0;
        }

        public Shape shape(int node) {
            return nodes.get(node).shape();
        }

        public int convolution(int input, String name, int outputs, int kernel, int stride) {
            return add(new Layer.Convolution(name, shape(input).channels(), outputs, kernel, stride), input);
        }

        public int depthwise(int input, String name, int kernel, int stride, int dilation) {
            return add(new Layer.Depthwise(name, shape(input).channels(), kernel, stride, dilation), input);
        }

        public int batchNorm(int input, String name) {
            return add(new Layer.BatchNorm(name, shape(input).channels()), input);
        }

        public int relu(int input) {
            return add(new Layer.Relu(), input);
        }

        public int relu6(int input) {
            return add(new Layer.Relu6(), input);
        }

        public int hardSigmoid(int input) {
            return add(new Layer.HardSigmoid(), input);
        }

        /**
         * Multiplies the channels of feature maps.
         *
         * @param factors the node that gives a factor for each channel
         */
        public int channelScale(int input, int factors) {
            return add(new Layer.ChannelScale(), input, factors);
        }

        public int averagePool(int input, int kernel, int stride, int padding) {
            return add(new Layer.AveragePool(kernel, stride, padding), input);
        }

        public int maxPool(int input, int kernel, int stride, int padding) {
            return add(new Layer.MaxPool(kernel, stride, padding), input);
        }

        public int subsample(int input, int stride, int first) {
            return add(new Layer.Subsample(stride, first), input);
        }

        public int concatenation(List<Integer> inputs) {
            return add(new Layer.Concatenation(), inputs.toArray(Integer[]::new));
        }

        /** The sum of the inputs; a single input is its own sum and adds no node. */
        public int sum(List<Integer> inputs) {
            return inputs.size() == 1 ? inputs.get(0) : add(new Layer.Sum(), inputs.toArray(Integer[]::new));
        }

        public int globalAveragePool(int input) {
            return add(new Layer.GlobalAveragePool(), input);
        }

        public int linear(int input, String name, int outputs) {
            return add(new Layer.Linear(name, shape(input).size(), outputs), input);
        }

        /** Makes a node's output that of a block, see {@link Network#blocks}; the node is also what comes back. */
        public int endBlock(int node) {
            blocks.add(node);
            return node;
        }

        /**
         * Makes a node one that drop path may leave out, see {@link Network#paths}; the node is also what comes back.
         *
         * @throws IllegalArgumentException if it is neither a batch norm nor a pool, whose gradients are known without what
         *     was left out of their outputs
         */
        public int path(int node) {
            Layer layer = nodes.get(node).layer();
            if (!(layer instanceof Layer.BatchNorm
                    || layer instanceof Layer.AveragePool
                    || layer instanceof Layer.MaxPool)) {
                throw new IllegalArgumentException("a path ends in a batch norm or a pool, not in " + layer);
            }
            paths.add(node);
            return node;
        }

        /** Makes a node's output what an auxiliary head takes, see {@link Network#headPlace}. */
        public void placeHead(int node) {
            headPlace = OptionalInt.of(node);
        }

        public Network build() {
            return new Network(this);
        }

        private int add(Layer layer, Integer... inputs) {
            return add(layer, List.of(inputs));
        }

        int add(Layer layer, List<Integer> from) {
            Shape shape = layer.output(from.stream().map(this::shape).toList());
            nodes.add(new Node(nodes.size(), layer, from, shape));
            return nodes.size() - 1;
        }
    }
}
