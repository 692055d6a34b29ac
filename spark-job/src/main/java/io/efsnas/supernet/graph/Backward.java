package io.efsnas.supernet.graph;

import io.efsnas.space.Layer;
import io.efsnas.space.Network.Node;
import io.efsnas.space.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The gradients of one network, from its loss back to its weights, after {@link Forward#runKeeping}.
 *
 * @param <B> a buffer
 */
final class Backward<B> {

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
            Node node = nodes.get(i);
            propagate(node);
            letGo(node);
            forward.releaseInverseDeviation(node);
            if (forward.usage().ownsBuffer(i)) {
                forward.release(i);
            }
        }
    }

    private void propagate(Node node) {
        B dy = gradients.get(node.index()).buffer;
        Layer layer = node.layer();
        if (layer instanceof Layer.Sum) {
            node.inputs().forEach(input -> propagateThroughSum(node, input));
            return;
        }
        int input = node.inputs().get(0);
        Shape in = forward.network().nodes().get(input).shape();
        B x = forward.output(input);
        boolean add = gradients.get(input) != null;
        B dx = input == 0 ? null : gradientOf(input);
        if (layer instanceof Layer.Convolution convolution) {
            kernels.convolutionGradient(convolution, in, x, value(layer), dy, gradient(layer, 0), dx, add);
        } else if (layer instanceof Layer.Linear linear) {
            kernels.linearWeightGradient(linear, x, dy, gradient(layer, 0), gradient(layer, 1));
            kernels.linearInputGradient(linear, value(layer), dy, dx, add);
        } else if (layer instanceof Layer.BatchNorm) {
            B y = forward.output(node.index());
            kernels.batchNormGradient(in, y, forward.inverseDeviation(node.index()), dy, dx, add);
        } else if (layer instanceof Layer.Relu) {
            kernels.reluGradient(in, forward.output(node.index()), dy, dx, add);
        } else if (layer instanceof Layer.AveragePool pool) {
            kernels.averagePoolGradient(pool, in, dy, dx, add);
        } else if (layer instanceof Layer.GlobalAveragePool) {
            kernels.globalAveragePoolGradient(in, dy, dx, add);
        } else {
            throw new IllegalStateException("no kernel computes the gradient of " + layer);
        }
    }

    private void propagateThroughSum(Node sum, int input) {
        Gradient<B> dy = gradients.get(sum.index());
        if (forward.usage().consumers(input) == 1) {
            dy.holders++;
            gradients.set(input, dy);
        } else {
            boolean add = gradients.get(input) != null;
            kernels.sumGradient(sum.shape(), dy.buffer, gradientOf(input), add);
        }
    }

    /** The gradient of a node's output, to be written or added to. */
    private B gradientOf(int node) {
        if (gradients.get(node) == null) {
            gradients.set(node, new Gradient<>(buffers.take(shape(node))));
        }
        return gradients.get(node).buffer;
    }

    private void letGo(Node node) {
        Gradient<B> gradient = gradients.get(node.index());
        if (--gradient.holders == 0) {
            buffers.release(node.shape(), gradient.buffer);
        }
    }

    private Shape shape(int node) {
        return forward.network().nodes().get(node).shape();
    }

    private B value(Layer layer) {
        return weights.values(layer.weights().get(0));
    }

    private B gradient(Layer layer, int index) {
        return weights.gradient(layer.weights().get(index));
    }
}
