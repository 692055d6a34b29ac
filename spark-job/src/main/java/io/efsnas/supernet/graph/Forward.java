package io.efsnas.supernet.graph;

import io.efsnas.network.Layer;
import io.efsnas.network.Shape;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.graph.Plan.Operation;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The forward computation of one network after the other, each on one batch: a buffer for each node's output and the
 * kernel that fills it. It is itself what visits the layers, and gives the inverse deviations of those that have some, so
 * that a step makes no object for a layer.
 *
 * @param <B> a buffer
 */
final class Forward<B> implements Layer.Visitor<B> {

    private static final BitSet NONE = new BitSet();

    private final Kernels<B> kernels;
    private final BufferPool<B> buffers;
    private final LayerVariant<B> variant;
    /** By node; null once it has been given back. */
    private final List<B> outputs = new ArrayList<>();
    /** By node, what the gradient of a batch norm needs; null of another layer. */
    private final List<B> inverseDeviations = new ArrayList<>();
    /** Of the sum or concatenation that is being computed. */
    private final List<B> terms = new ArrayList<>();

    private Plan<B> plan;

    /** The one that is being computed. */
    private int node;

    /** Of networks whose layers are those of a supernet. */
    Forward(Kernels<B> kernels, BufferPool<B> buffers) {
        this(kernels, buffers, new SupernetVariant<>(kernels, buffers));
    }

    Forward(Kernels<B> kernels, BufferPool<B> buffers, LayerVariant<B> variant) {
        this.kernels = kernels;
        this.buffers = buffers;
        this.variant = variant;
    }

    LayerVariant<B> variant() {
        return variant;
    }

    /** Of the network that was run last. */
    Plan<B> plan() {
        return plan;
    }

    /** Computes every node and keeps all outputs, until {@link #release} is called for each. */
    PendingEvaluation runKeeping(Plan<B> network, B images) {
        begin(network);
        for (int next = 0; next < plan.size(); next++) {
            compute(next, images);
        }
        return evaluate();
    }

    /** Computes every node and keeps those outputs that {@link Backward#run} needs. */
    PendingEvaluation runForGradients(Plan<B> network, B images) {
        computeForGradients(network, images);
        return evaluate();
    }

    /** Computes every node, and keeps those outputs that gradients are computed from, and the logits. */
    void computeForGradients(Plan<B> network, B images) {
        begin(network);
        for (int next = 0; next < plan.size(); next++) {
            compute(next, images);
            releaseUsed(next, plan.needed());
        }
    }

    /** Computes every node and gives each output back as soon as nobody needs it. */
    PendingEvaluation runReleasing(Plan<B> network, B images) {
        computeReleasing(network, images);
        PendingEvaluation evaluation = evaluate();
        release(plan.last());
        return evaluation;
    }

    /** The same for the class probabilities. */
    void runReleasing(Plan<B> network, B images, B probabilities) {
        computeReleasing(network, images);
        probabilities(probabilities);
        release(plan.last());
    }

    /** Computes every node and leaves the logits alone. */
    void computeReleasing(Plan<B> network, B images) {
        begin(network);
        for (int next = 0; next < plan.size(); next++) {
            compute(next, images);
            releaseUsed(next, NONE);
            releaseInverseDeviation(next);
        }
    }

    /** Computes every node, and keeps the features and the logits, until {@link #releaseFeatures} is called. */
    void computeFeatures(Plan<B> network, B images) {
        begin(network);
        for (int next = 0; next < plan.size(); next++) {
            compute(next, images);
            releaseUsed(next, plan.featuresAlone());
            releaseInverseDeviation(next);
        }
    }

    /** The features, while they are kept. */
    B features() {
        return output(plan.features());
    }

    /** Gives back what {@link #computeFeatures} has kept. */
    void releaseFeatures() {
        release(plan.owner(plan.features()));
        release(plan.last());
    }

    /** Gives back the buffers that a node has used last, but for some. */
    private void releaseUsed(int next, BitSet kept) {
        for (int input : plan.inputs(next)) {
            int owner = plan.owner(input);
            if (plan.isLastUse(owner, next) && !kept.get(owner) && output(owner) != null) { // it may be taken twice
                release(owner);
            }
        }
    }

    private void begin(Plan<B> network) {
        plan = network;
        outputs.clear();
        inverseDeviations.clear();
    }

    /** How well the logits, which are still there, fit the labels. */
    PendingEvaluation evaluate() {
        return kernels.evaluate(plan.classes(), output(plan.last()));
    }

    /** Computes the class probabilities from the logits, which are still there. */
    void probabilities(B probabilities) {
        kernels.softmax(plan.classes(), output(plan.last()), probabilities);
    }

    B output(int index) {
        return outputs.get(index);
    }

    B inverseDeviation(int index) {
        return inverseDeviations.get(index);
    }

    private void compute(int next, B images) {
        node = next;
        outputs.add(place(images));
        inverseDeviations.add(operation().layer().accept(this));
        int path = plan.path(node);
        if (path >= 0) {
            variant.dropPath(path, operation().out(), out());
        }
    }

    /** The buffer for the node's output. */
    private B place(B images) {
        if (node == 0) {
            return images;
        }
        return plan.ownsBuffer(node) ? buffers.take(operation().out()) : output(plan.owner(node));
    }

    @Override
    public B input(Layer.Input layer) {
        return null; // the images are there
    }

    @Override
    public B convolution(Layer.Convolution layer) {
        kernels.convolution(layer, shapeIn(), in(), weight(0), out());
        return null;
    }

    @Override
    public B depthwise(Layer.Depthwise layer) {
        kernels.depthwise(layer, shapeIn(), in(), weight(0), out());
        return null;
    }

    @Override
    public B batchNorm(Layer.BatchNorm layer) {
        return variant.batchNorm(operation(), in(), out());
    }

    @Override
    public B relu(Layer.Relu layer) {
        kernels.relu(shapeIn(), in(), out());
        return null;
    }

    @Override
    public B relu6(Layer.Relu6 layer) {
        kernels.relu6(shapeIn(), in(), out());
        return null;
    }

    @Override
    public B hardSigmoid(Layer.HardSigmoid layer) {
        kernels.hardSigmoid(shapeIn(), in(), out());
        return null;
    }

    @Override
    public B channelScale(Layer.ChannelScale layer) {
        kernels.scaleChannels(shapeIn(), in(), output(plan.secondInput(node)), out(), false);
        return null;
    }

    @Override
    public B averagePool(Layer.AveragePool layer) {
        kernels.averagePool(layer, shapeIn(), in(), out());
        return null;
    }

    @Override
    public B maxPool(Layer.MaxPool layer) {
        kernels.maxPool(layer, shapeIn(), in(), out());
        return null;
    }

    @Override
    public B subsample(Layer.Subsample layer) {
        kernels.subsample(layer, shapeIn(), in(), out());
        return null;
    }

    @Override
    public B sum(Layer.Sum layer) {
        kernels.sum(operation().out(), ins(), out());
        return null;
    }

    @Override
    public B concatenation(Layer.Concatenation layer) {
        kernels.concatenate(shapeIn(), ins(), out());
        return null;
    }

    /** The outputs of all nodes whose outputs the node takes; this is one list for all nodes. */
    private List<B> ins() {
        terms.clear();
        for (int input : plan.inputs(node)) {
            terms.add(output(input));
        }
        return terms;
    }

    @Override
    public B globalAveragePool(Layer.GlobalAveragePool layer) {
        kernels.globalAveragePool(shapeIn(), in(), out());
        return null;
    }

    @Override
    public B linear(Layer.Linear layer) {
        if (node == plan.last()) {
            variant.dropOut(shapeIn(), in());
        }
        kernels.linear(layer, in(), weight(0), weight(1), out());
        return null;
    }

    private Operation<B> operation() {
        return plan.operation(node);
    }

    /** The output of the one node whose output the node takes. */
    private B in() {
        return output(plan.firstInput(node));
    }

    private Shape shapeIn() {
        return operation().in();
    }

    private B out() {
        return output(node);
    }

    private B weight(int index) {
        return operation().value(index);
    }

    /** Gives back the buffer that a node owns; that of the images is the caller's. */
    void release(int index) {
        if (index > 0) {
            buffers.release(plan.operation(index).out(), outputs.set(index, null));
        }
    }

    /** Gives back everything after {@link #runKeeping}. */
    void releaseAll() {
        for (int index = 0; index < plan.size(); index++) {
            releaseInverseDeviation(index);
            if (plan.ownsBuffer(index)) {
                release(index);
            }
        }
    }

    void releaseInverseDeviation(int of) {
        B inverseDeviation = inverseDeviation(of);
        if (inverseDeviation != null) {
            variant.release(plan.operation(of), inverseDeviation);
        }
    }
}
