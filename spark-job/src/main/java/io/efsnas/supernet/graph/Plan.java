package io.efsnas.supernet.graph;

import io.efsnas.network.Layer;
import io.efsnas.network.Network;
import io.efsnas.network.Network.Node;
import io.efsnas.network.Shape;
import io.efsnas.supernet.graph.Kernels.Trained;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A network as steps run it: what each node computes from which nodes with which weights, and how long its buffer is
 * needed. It is made from the network's description once, and takes far less memory.
 *
 * @param <B> a buffer
 */
final class Plan<B> {

    /**
     * What a node computes.
     *
     * @param in the shape of its first input
     * @param weights those of the layer, in its order
     */
    record Operation<B>(Layer layer, Shape in, Shape out, List<Trained<B>> weights) {

        /** The values of one of the weights. */
        B value(int index) {
            return weights.get(index).values();
        }

        /** The gradient of one of the weights. */
        B gradient(int index) {
            return weights.get(index).gradient();
        }

        /** Whether it is a batch norm that has weights. */
        boolean isAffine() {
            return layer instanceof Layer.BatchNorm && !weights.isEmpty();
        }
    }

    private final Operation<B>[] operations;
    private final int[][] inputs;
    private final int[] consumers;
    private final int[] owner;
    private final int[] lastUse;
    private final BitSet weights;
    private final int[] paths;
    private final BitSet needed = new BitSet();
    private final BitSet features = new BitSet();

    /**
     * Compiles a network.
     *
     * @param known the operations of other plans, by themselves: equal ones become one object, new ones are added
     */
    Plan(Network network, SharedWeights<B> shared, Map<Operation<B>, Operation<B>> known) {
        this(
                network,
                layer -> layer.weights().stream().map(shared::trained).toList(),
                shared.places(network.weights()),
                List.of(),
                known);
    }

    /**
     * The same where layers have other weights than in a supernet.
     *
     * @param trained the weights of each layer; a batch norm that has some is affine
     * @param weights the places of all of them
     * @param paths the nodes that may be left out of a step for some images, in order
     */
    Plan(
            Network network,
            Function<Layer, List<Trained<B>>> trained,
            BitSet weights,
            List<Integer> paths,
            Map<Operation<B>, Operation<B>> known) {
        List<Node> nodes = network.nodes();
        operations = operations(nodes, trained, known);
        inputs = new int[nodes.size()][];
        consumers = new int[nodes.size()];
        owner = new int[nodes.size()];
        lastUse = new int[nodes.size()];
        this.weights = weights;
        this.paths = paths.stream().mapToInt(Integer::intValue).toArray();
        for (Node node : nodes) {
            inputs[node.index()] =
                    node.inputs().stream().mapToInt(Integer::intValue).toArray();
            for (int input : node.inputs()) {
                consumers[input]++;
            }
        }
        for (int node = 0; node < size(); node++) {
            owner[node] = overwritesInput(node) ? owner[firstInput(node)] : node;
            for (int input : inputs[node]) {
                lastUse[owner[input]] = node;
                if (gradientNeedsInput(node)) {
                    needed.set(owner[input]);
                }
            }
            if (gradientNeedsOutput(node)) {
                needed.set(owner[node]);
            }
        }
        lastUse[last()] = size();
        features.set(owner[features()]);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // there are no generic arrays
    private static <B> Operation<B>[] operations(
            List<Node> nodes, Function<Layer, List<Trained<B>>> trained, Map<Operation<B>, Operation<B>> known) {
        Operation<B>[] operations = new Operation[nodes.size()];
        for (Node node : nodes) {
            Shape in = node.inputs().isEmpty()
                    ? node.shape()
                    : nodes.get(node.inputs().get(0)).shape();
            operations[node.index()] = known.computeIfAbsent(
                    new Operation<>(node.layer(), in, node.shape(), trained.apply(node.layer())), made -> made);
        }
        return operations;
    }

    /**
     * A batch norm takes over the buffer of a convolution: its gradient needs its output alone, the other's none. That of
     * an affine one needs its input.
     */
    private boolean overwritesInput(int node) {
        return operations[node].layer() instanceof Layer.BatchNorm
                && !operations[node].isAffine()
                && consumers[firstInput(node)] == 1
                && isConvolution(operations[firstInput(node)].layer());
    }

    private static boolean isConvolution(Layer layer) {
        return layer instanceof Layer.Convolution || layer instanceof Layer.Depthwise;
    }

    /** Whether the gradient is computed from the output of the node; of a layer that is not named here it may be. */
    private boolean gradientNeedsOutput(int node) {
        Layer layer = operations[node].layer();
        return !(onlyMovesValues(layer)
                || isConvolution(layer)
                || layer instanceof Layer.ChannelScale
                || operations[node].isAffine());
    }

    /** The same of the inputs. */
    private boolean gradientNeedsInput(int node) {
        Layer layer = operations[node].layer();
        return !(onlyMovesValues(layer)
                || layer instanceof Layer.Relu
                || layer instanceof Layer.HardSigmoid
                || layer instanceof Layer.GlobalAveragePool);
    }

    /** Whether the gradient is the same whatever the values are. */
    private static boolean onlyMovesValues(Layer layer) {
        return layer instanceof Layer.Sum
                || layer instanceof Layer.AveragePool
                || layer instanceof Layer.Concatenation
                || layer instanceof Layer.Subsample;
    }

    /** The nodes whose buffers the gradients of a training step are computed from; these are the bits themselves. */
    BitSet needed() {
        return needed;
    }

    /** How many nodes there are, the images included. */
    int size() {
        return operations.length;
    }

    /** The node that gives the logits. */
    int last() {
        return size() - 1;
    }

    /** The node that gives what the last one computes logits from. */
    int features() {
        return firstInput(last());
    }

    /** The node whose buffer has the features; these are the bits themselves. */
    BitSet featuresAlone() {
        return features;
    }

    int classes() {
        return operations[last()].out().channels();
    }

    Operation<B> operation(int node) {
        return operations[node];
    }

    /** The nodes whose outputs a node takes; this is the array itself. */
    int[] inputs(int node) {
        return inputs[node];
    }

    int firstInput(int node) {
        return inputs[node][0];
    }

    int secondInput(int node) {
        return inputs[node][1];
    }

    /** The places of the network's weights among those of the supernet; these are the bits themselves. */
    BitSet weights() {
        return weights;
    }

    /** The place of a node among those that may be left out; below 0 if it is none of them. */
    int path(int node) {
        return Arrays.binarySearch(paths, node);
    }

    /** How many times later nodes take the output of a node. */
    int consumers(int node) {
        return consumers[node];
    }

    /** The node whose buffer holds the output of a node: itself, or the one that it overwrites. */
    int owner(int node) {
        return owner[node];
    }

    boolean ownsBuffer(int node) {
        return owner[node] == node;
    }

    /** Whether a node is the last one, going forward, to take what is in a buffer. */
    boolean isLastUse(int owner, int node) {
        return lastUse[owner] == node;
    }
}
