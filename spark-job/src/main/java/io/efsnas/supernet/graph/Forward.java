package io.efsnas.supernet.graph;

import io.efsnas.space.Layer;
import io.efsnas.space.Network;
import io.efsnas.space.Network.Node;
import io.efsnas.space.Shape;
import io.efsnas.supernet.PendingEvaluation;
import java.util.ArrayList;
import java.util.List;

/**
 * The forward computation of one network on one batch: a buffer for each node's output and the kernel that fills it.
 *
 * @param <B> a buffer
 */
final class Forward<B> {

    private final Network network;
    private final Usage usage;
    private final Kernels<B> kernels;
    private final SharedWeights<B> weights;
    private final BufferPool<B> buffers;
    private final List<B> outputs;
    private final List<B> inverseDeviations;

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
        network.nodes().forEach(node -> compute(node, images));
        return evaluate();
    }

    /** Computes every node and gives each output back as soon as nobody needs it. */
    PendingEvaluation runReleasing(B images) {
        for (Node node : network.nodes()) {
            compute(node, images);
            node.inputs().stream()
                    .map(usage::owner)
                    .distinct()
                    .filter(owner -> usage.isLastUse(owner, node.index()))
                    .forEach(this::release);
            releaseInverseDeviation(node);
        }
        PendingEvaluation evaluation = evaluate();
        release(network.nodes().size() - 1);
        return evaluation;
    }

    private PendingEvaluation evaluate() {
        return kernels.evaluate(network.classes(), output(network.nodes().size() - 1));
    }

    B output(int node) {
        return outputs.get(node);
    }

    B inverseDeviation(int node) {
        return inverseDeviations.get(node);
    }

    private void compute(Node node, B images) {
        outputs.add(place(node, images));
        B y = output(node.index());
        B inverseDeviation = null;
        Layer layer = node.layer();
        if (layer instanceof Layer.Sum) {
            kernels.sum(node.shape(), node.inputs().stream().map(this::output).toList(), y);
        } else if (!(layer instanceof Layer.Input)) {
            int input = node.inputs().get(0);
            B x = output(input);
            Shape in = network.nodes().get(input).shape();
            if (layer instanceof Layer.Convolution convolution) {
                kernels.convolution(convolution, in, x, weight(layer, 0), y);
            } else if (layer instanceof Layer.BatchNorm) {
                inverseDeviation = buffers.takeChannelValues(in.channels());
                kernels.batchNorm(in, x, y, inverseDeviation);
            } else if (layer instanceof Layer.Relu) {
                kernels.relu(in, x, y);
            } else if (layer instanceof Layer.AveragePool pool) {
                kernels.averagePool(pool, in, x, y);
            } else if (layer instanceof Layer.GlobalAveragePool) {
                kernels.globalAveragePool(in, x, y);
            } else if (layer instanceof Layer.Linear linear) {
                kernels.linear(linear, x, weight(layer, 0), weight(layer, 1), y);
            } else {
                throw new IllegalStateException("no kernel computes " + layer);
            }
        }
        inverseDeviations.add(inverseDeviation);
    }

    /** The buffer for a node's output. */
    private B place(Node node, B images) {
        if (node.layer() instanceof Layer.Input) {
            return images;
        }
        return usage.ownsBuffer(node.index()) ? buffers.take(node.shape()) : output(usage.owner(node.index()));
    }

    private B weight(Layer layer, int index) {
        return weights.values(layer.weights().get(index));
    }

    /** Gives back the buffer that a node owns; that of the images is the caller's. */
    void release(int node) {
        if (node > 0) {
            buffers.release(network.nodes().get(node).shape(), output(node));
        }
    }

    void releaseInverseDeviation(Node node) {
        B inverseDeviation = inverseDeviation(node.index());
        if (inverseDeviation != null) {
            buffers.releaseChannelValues(node.shape().channels(), inverseDeviation);
        }
    }
}
