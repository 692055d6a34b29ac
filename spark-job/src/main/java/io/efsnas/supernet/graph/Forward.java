package io.efsnas.supernet.graph;

import io.efsnas.network.Layer;
import io.efsnas.network.Network;
import io.efsnas.network.Network.Node;
import io.efsnas.network.Shape;
import io.efsnas.supernet.PendingEvaluation;
import java.util.ArrayList;
import java.util.List;

/**
 * The forward computation of one network on one batch: a buffer for each node's output and the kernel that fills it. It
 * is itself what visits the layers, and gives the inverse deviations of those that have some, so that a step makes no
 * object for a layer.
 *
 * @param <B> a buffer
 */
final class Forward<B> implements Layer.Visitor<B> {

    private final Network network;
    private final Usage usage;
    private final Kernels<B> kernels;
    private final SharedWeights<B> weights;
    private final BufferPool<B> buffers;
    private final List<B> outputs;
    /** By node; null of a layer that has none. */
    private final List<B> inverseDeviations;

    /** The one that is being computed. */
    private Node node;

    Forward(Network network, Kernels<B> kernels, SharedWeights<B> weights, BufferPool<B> buffers) {
        this.network = network;
        this.usage = new Usage(network);
        this.kernels = kernels;
        this.weights = weights;
        this.buffers = buffers;
        this.outputs = new ArrayList<>(network.nodes().size());
        this.inverseDeviations = new ArrayList<>(network.nodes().size());
    }

    Network network() {
        return network;
    }

    Usage usage() {
        return usage;
    }

    /** Computes every node and keeps all outputs, until {@link #release} is called for each. */
    PendingEvaluation runKeeping(B images) {
        network.nodes().forEach(next -> compute(next, images));
        return evaluate();
    }

    /** Computes every node and gives each output back as soon as nobody needs it. */
    PendingEvaluation runReleasing(B images) {
        for (Node next : network.nodes()) {
            compute(next, images);
            next.inputs().stream()
                    .map(usage::owner)
                    .distinct()
                    .filter(owner -> usage.isLastUse(owner, next.index()))
                    .forEach(this::release);
            releaseInverseDeviation(next);
        }
        PendingEvaluation evaluation = evaluate();
        release(network.nodes().size() - 1);
        return evaluation;
    }

    private PendingEvaluation evaluate() {
        return kernels.evaluate(network.classes(), output(network.nodes().size() - 1));
    }

    B output(int index) {
        return outputs.get(index);
    }

    B inverseDeviation(int index) {
        return inverseDeviations.get(index);
    }

    private void compute(Node next, B images) {
        node = next;
        outputs.add(place(images));
        inverseDeviations.add(next.layer().accept(this));
    }

    /** The buffer for the node's output. */
    private B place(B images) {
        int index = node.index();
        if (index == 0) {
            return images;
        }
        return usage.ownsBuffer(index) ? buffers.take(node.shape()) : output(usage.owner(index));
    }

    @Override
    public B input(Layer.Input layer) {
        return null; // the images are there
    }

    @Override
    public B convolution(Layer.Convolution layer) {
        kernels.convolution(layer, shapeIn(), in(), weight(layer, 0), out());
        return null;
    }

    @Override
    public B batchNorm(Layer.BatchNorm layer) {
        B inverseDeviation = buffers.takeChannelValues(shapeIn().channels());
        kernels.batchNorm(shapeIn(), in(), out(), inverseDeviation);
        return inverseDeviation;
    }

    @Override
    public B relu(Layer.Relu layer) {
        kernels.relu(shapeIn(), in(), out());
        return null;
    }

    @Override
    public B averagePool(Layer.AveragePool layer) {
        kernels.averagePool(layer, shapeIn(), in(), out());
        return null;
    }

    @Override
    public B sum(Layer.Sum layer) {
        kernels.sum(node.shape(), node.inputs().stream().map(this::output).toList(), out());
        return null;
    }

    @Override
    public B globalAveragePool(Layer.GlobalAveragePool layer) {
        kernels.globalAveragePool(shapeIn(), in(), out());
        return null;
    }

    @Override
    public B linear(Layer.Linear layer) {
        kernels.linear(layer, in(), weight(layer, 0), weight(layer, 1), out());
        return null;
    }

    /** The output of the one node whose output the node takes. */
    private B in() {
        return output(node.inputs().get(0));
    }

    private Shape shapeIn() {
        return network.nodes().get(node.inputs().get(0)).shape();
    }

    private B out() {
        return output(node.index());
    }

    private B weight(Layer layer, int index) {
        return weights.values(layer.weights().get(index));
    }

    /** Gives back the buffer that a node owns; that of the images is the caller's. */
    void release(int index) {
        if (index > 0) {
            buffers.release(network.nodes().get(index).shape(), output(index));
        }
    }

    /** Gives back everything after {@link #runKeeping}. */
    void releaseAll() {
        for (Node each : network.nodes()) {
            releaseInverseDeviation(each);
            if (usage.ownsBuffer(each.index())) {
                release(each.index());
            }
        }
    }

    void releaseInverseDeviation(Node of) {
        B inverseDeviation = inverseDeviation(of.index());
        if (inverseDeviation != null) {
            buffers.releaseChannelValues(of.shape().channels(), inverseDeviation);
        }
    }
}
