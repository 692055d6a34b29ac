package io.efsnas.supernet.graph;

import io.efsnas.network.Layer;
import io.efsnas.network.Network.Node;
import io.efsnas.network.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The gradients of one network, from its loss back to its weights, after {@link Forward#runKeeping}. It is itself what
 * visits the layers, so that a step makes no object for a layer.
 *
 * @param <B> a buffer
 */
final class Backward<B> implements Layer.Visitor<Void> {

    /** A gradient that several nodes may share for reading: the terms of a sum all have that of the sum. */
    private static final class Gradient<B> {
        private final B buffer;
        private int holders = 1;

        Gradient(B buffer) {
            this.buffer = buffer;
        }
    }

    private final Forward<B> forward;
    private final Kernels<B> kernels;
    private final SharedWeights<B> weights;
    private final BufferPool<B> buffers;
    /** By node, of its output; null until its first consumer has contributed. */
    private final List<Gradient<B>> gradients;

    /** The one whose gradient is being propagated. */
    private Node node;

    /** The first of the nodes whose outputs it takes. */
    private int input;

    /** Whether the gradient of that output has been written, and is to be added to. */
    private boolean add;

    /** Whether gradients of weights are wanted, too. */
    private boolean ofWeights = true;

    /** Whether that of the images is wanted, too. */
    private boolean ofImages;

    Backward(Forward<B> forward, Kernels<B> kernels, SharedWeights<B> weights, BufferPool<B> buffers) {
        this.forward = forward;
        this.kernels = kernels;
        this.weights = weights;
        this.buffers = buffers;
        this.gradients =
                new ArrayList<>(Collections.nCopies(forward.network().nodes().size(), null));
    }

    /**
     * Adds the gradient of {@code scale} times the batch's summed cross entropy to the weights' gradients, and gives
     * back every buffer of the forward computation on the way.
     */
    void run(float scale) {
        List<Node> nodes = forward.network().nodes();
        Node last = nodes.get(nodes.size() - 1);
        B dlogits = buffers.take(last.shape());
        kernels.lossGradient(last.shape().channels(), forward.output(last.index()), scale, dlogits);
        gradients.set(last.index(), new Gradient<>(dlogits));
        for (int i = nodes.size() - 1; i > 0; i--) {
            propagate(nodes.get(i));
            letGo(nodes.get(i));
            forward.releaseInverseDeviation(nodes.get(i));
            if (forward.usage().ownsBuffer(i)) {
                forward.release(i);
            }
        }
    }

    /**
     * Adds to the weights' gradients, from the gradient of the logits. No buffer of the forward computation is given back.
     *
     * @param gradient of the logits, which stays the caller's
     */
    void runKeeping(B gradient) {
        walk(0, forward.network().nodes().size() - 1, gradient);
    }

    /**
     * The gradient of a node's output, from that of the output of a later node which depends on the image through it alone.
     * No gradient of a weight is computed, and no buffer of the forward computation given back.
     *
     * @param from the node, which may be the images
     * @param gradient of the later node's output, which stays the caller's
     * @return until {@link #releaseArrived}
     */
    B runThrough(int from, int to, B gradient) {
        ofWeights = false;
        ofImages = from == 0;
        walk(from, to, gradient);
        return gradients.get(from).buffer;
    }

    private void walk(int from, int to, B gradient) {
        List<Node> nodes = forward.network().nodes();
        Gradient<B> given = new Gradient<>(gradient);
        given.holders++; // the caller
        gradients.set(to, given);
        for (int i = to; i > from; i--) {
            propagate(nodes.get(i));
            letGo(nodes.get(i));
        }
    }

    /** Gives back the gradient that has arrived at a node, unless it is the one that came in. */
    void releaseArrived(int node, B given) {
        if (gradients.get(node).buffer != given) {
            letGo(forward.network().nodes().get(node));
        }
    }

    private void propagate(Node next) {
        node = next;
        input = next.inputs().get(0);
        add = gradients.get(input) != null;
        next.layer().accept(this);
    }

    @Override
    public Void input(Layer.Input layer) {
        return null; // nothing comes before the images
    }

    @Override
    public Void convolution(Layer.Convolution layer) {
        kernels.convolutionGradient(layer, shapeIn(), in(), value(layer), dy(), gradient(layer, 0), dx(), add);
        return null;
    }

    @Override
    public Void linear(Layer.Linear layer) {
        if (ofWeights) {
            kernels.linearWeightGradient(layer, in(), dy(), gradient(layer, 0), gradient(layer, 1));
        }
        kernels.linearInputGradient(layer, value(layer), dy(), dx(), add);
        return null;
    }

    @Override
    public Void batchNorm(Layer.BatchNorm layer) {
        B inverseDeviation = forward.inverseDeviation(node.index());
        kernels.batchNormGradient(shapeIn(), out(), inverseDeviation, dy(), dx(), add);
        return null;
    }

    @Override
    public Void relu(Layer.Relu layer) {
        kernels.reluGradient(shapeIn(), out(), dy(), dx(), add);
        return null;
    }

    @Override
    public Void averagePool(Layer.AveragePool layer) {
        kernels.averagePoolGradient(layer, shapeIn(), dy(), dx(), add);
        return null;
    }

    @Override
    public Void globalAveragePool(Layer.GlobalAveragePool layer) {
        kernels.globalAveragePoolGradient(shapeIn(), dy(), dx(), add);
        return null;
    }

    @Override
    public Void sum(Layer.Sum layer) {
        for (int term : node.inputs()) {
            propagateThroughSum(term);
        }
        return null;
    }

    private void propagateThroughSum(int term) {
        Gradient<B> dy = gradients.get(node.index());
        if (forward.usage().consumers(term) == 1) {
            dy.holders++;
            gradients.set(term, dy);
        } else {
            boolean addToTerm = gradients.get(term) != null;
            kernels.sumGradient(node.shape(), dy.buffer, gradientOf(term), addToTerm);
        }
    }

    private B in() {
        return forward.output(input);
    }

    private Shape shapeIn() {
        return shape(input);
    }

    private B out() {
        return forward.output(node.index());
    }

    private B dy() {
        return gradients.get(node.index()).buffer;
    }

    /** The gradient of the input, to be written or added to; null of the images if nobody asks for it. */
    private B dx() {
        return input == 0 && !ofImages ? null : gradientOf(input);
    }

    /** The gradient of a node's output, to be written or added to. */
    private B gradientOf(int index) {
        if (gradients.get(index) == null) {
            gradients.set(index, new Gradient<>(buffers.take(shape(index))));
        }
        return gradients.get(index).buffer;
    }

    private void letGo(Node of) {
        Gradient<B> gradient = gradients.get(of.index());
        if (--gradient.holders == 0) {
            buffers.release(of.shape(), gradient.buffer);
        }
    }

    private Shape shape(int index) {
        return forward.network().nodes().get(index).shape();
    }

    private B value(Layer layer) {
        return weights.values(layer.weights().get(0));
    }

    private B gradient(Layer layer, int index) {
        return !ofWeights ? null : weights.gradient(layer.weights().get(index));
    }
}
