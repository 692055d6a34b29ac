package io.efsnas.network;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

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

    private Network(List<Node> nodes) {
        this.nodes = List.copyOf(nodes);
    }

    public List<Node> nodes() {
        return nodes;
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

    /** What the final network of these layers costs. */
    public Cost cost() {
        return nodes.stream().map(node -> node.layer().cost(node.shape())).reduce(Cost.ZERO, Cost::plus);
    }

    /** Builds a network from the image on; every method gives the index of the node it added. */
    public static final class Builder {
        private final List<Node> nodes = new ArrayList<>();

        public Builder(Shape image) {
            add(new Layer.Input(image));
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

        public int batchNorm(int input, String name) {
            return add(new Layer.BatchNorm(name, shape(input).channels()), input);
        }

        public int relu(int input) {
            return add(new Layer.Relu(), input);
        }

        public int averagePool(int input, int kernel, int stride, int padding) {
            return add(new Layer.AveragePool(kernel, stride, padding), input);
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

        public Network build() {
            return new Network(nodes);
        }

        private int add(Layer layer, Integer... inputs) {
            List<Integer> from = List.of(inputs);
            Shape shape = layer.output(from.stream().map(this::shape).toList());
            nodes.add(new Node(nodes.size(), layer, from, shape));
            return nodes.size() - 1;
        }
    }
}
