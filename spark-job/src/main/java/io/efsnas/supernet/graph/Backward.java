package io.efsnas.supernet.graph;

import io.efsnas.network.Layer;
import io.efsnas.network.Shape;
import io.efsnas.supernet.graph.Kernels.Trained;
import io.efsnas.supernet.graph.Plan.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The gradients of the network that {@link Forward} has run last, from its loss back to its weights. It is
 * itself what visits the layers, so that a step makes no object for a layer.
 *
 * @param <B> a buffer
 */
final class Backward<B> implements Layer.Visitor<Void> {

    private static final int NONE = -1;

    private final Forward<B> forward;
    private final Kernels<B> kernels;
    private final BufferPool<B> buffers;

    /** By node, whose buffer holds the gradient of its output; none until its first consumer has contributed. */
    private int[] holder = {};
    /** By node, how many nodes have their gradients in its buffer: the terms of a sum all have that of the sum. */
    private int[] sharers = {};
    /** By node, its buffer, if it has one. */
    private final List<B> gradients = new ArrayList<>();

    private Plan<B> plan;

    /** The one whose gradient is being propagated. */
    private int node;

    /** The first of the nodes whose outputs it takes. */
    private int input;

    /** Whether the gradient of that output has been written, and is to be added to. */
    private boolean add;

    /** Whether gradients of weights are wanted, too. */
    private boolean ofWeights;

    /** Whether that of the images is wanted, too. */
    private boolean ofImages;

    Backward(Forward<B> forward, Kernels<B> kernels, BufferPool<B> buffers) {
        this.forward = forward;
        this.kernels = kernels;
        this.buffers = buffers;
    }

    /**
     * Adds the gradient of {@code scale} times the batch's summed cross entropy to the weights' gradients, and gives
     * back every buffer of the forward computation on the way.
     */
    void run(float scale) {
        plan = forward.plan();
        B dlogits = buffers.take(plan.operation(plan.last()).out());
        kernels.lossGradient(plan.classes(), forward.output(plan.last()), scale, dlogits);
        runReleasing(dlogits);
    }

    /**
     * The same with the gradient of {@link Kernels#distillationGradient}.
     *
     * @param teacher the teacher's class probabilities
     */
    void run(float labels, B teacher, float imitation) {
        plan = forward.plan();
        B dlogits = buffers.take(plan.operation(plan.last()).out());
        kernels.distillationGradient(plan.classes(), forward.output(plan.last()), teacher, labels, imitation, dlogits);
        runReleasing(dlogits);
    }

    /**
     * The same from a gradient of the logits.
     *
     * @param dlogits a buffer of the pool, which is given back
     */
    void runReleasing(B dlogits) {
        beginReleasing(dlogits);
        walkReleasing(plan.last());
    }

    /**
     * The same of a loss that further logits are a part of.
     *
     * @param further the node that gives them
     * @param dfurther their gradient, which is given back, too
     */
    void runReleasing(B dlogits, int further, B dfurther) {
        beginReleasing(dlogits);
        hold(further, dfurther);
        walkReleasing(plan.last());
    }

    /**
     * The same from a gradient of the features, so that the last layer gets none.
     *
     * @param dfeatures a buffer of the pool, which is given back
     */
    void runReleasingFeatures(B dfeatures) {
        ofWeights = true;
        ofImages = false;
        begin();
        hold(plan.features(), dfeatures);
        forward.release(plan.last());
        walkReleasing(plan.features());
    }

    /**
     * Adds the gradient of {@code scale} times the batch's summed cross entropy to that of the last layer's weights alone. No
     * buffer of the forward computation is given back.
     */
    void runClassifier(float scale) {
        plan = forward.plan();
        B dlogits = buffers.take(plan.operation(plan.last()).out());
        kernels.lossGradient(plan.classes(), forward.output(plan.last()), scale, dlogits);
        beginReleasing(dlogits);
        propagate(plan.last());
        letGo(plan.last());
        letGo(plan.features());
    }

    private void beginReleasing(B dlogits) {
        ofWeights = true;
        ofImages = false;
        begin();
        hold(plan.last(), dlogits);
    }

    private void walkReleasing(int from) {
        for (int i = from; i > 0; i--) {
            propagate(i);
            letGo(i);
            forward.releaseInverseDeviation(i);
            if (plan.ownsBuffer(i) && forward.output(i) != null) { // it may have been given back before
                forward.release(i);
            }
        }
    }

    /**
     * Adds to the weights' gradients, from the gradient of the logits. No buffer of the forward computation is given back.
     *
     * @param gradient the gradient of the logits, which stays the caller's
     */
    void runKeeping(B gradient) {
        ofWeights = true;
        ofImages = false;
        begin();
        walk(0, plan.last(), gradient);
    }

    /**
     * The gradient of a node's output, from that of the output of a later node which depends on the image through it alone.
     * No gradient of a weight is wanted, and no buffer of the forward computation given back.
     *
     * @param from the node, which may be the images
     * @param gradient the gradient of the later node's output, which stays the caller's
     * @return until {@link #releaseArrived}
     */
    B runThrough(int from, int to, B gradient) {
        ofWeights = false;
        ofImages = from == 0;
        begin();
        walk(from, to, gradient);
        return gradient(from);
    }

    private void begin() {
        plan = forward.plan();
        if (holder.length < plan.size()) {
            holder = new int[plan.size()];
            sharers = new int[plan.size()];
        }
        Arrays.fill(holder, NONE);
        gradients.clear();
        for (int i = 0; i < plan.size(); i++) {
            gradients.add(null);
        }
    }

    private void hold(int index, B gradient) {
        holder[index] = index;
        sharers[index] = 1;
        gradients.set(index, gradient);
    }

    private void walk(int from, int to, B gradient) {
        hold(to, gradient);
        sharers[to]++; // the caller
        for (int i = to; i > from; i--) {
            propagate(i);
            letGo(i);
        }
    }

    /** Gives back the gradient that has arrived at a node, unless it is the one that came in. */
    void releaseArrived(int at, B given) {
        if (gradient(at) != given) {
            letGo(at);
        }
    }

    private void propagate(int next) {
        node = next;
        input = plan.firstInput(next);
        add = isWritten(input);
        int path = plan.path(node);
        if (path >= 0) {
            forward.variant().dropPath(path, operation().out(), dy());
        }
        operation().layer().accept(this);
    }

    @Override
    public Void input(Layer.Input layer) {
        return null; // nothing comes before the images
    }

    @Override
    public Void convolution(Layer.Convolution layer) {
        kernels.convolutionGradient(layer, shapeIn(), in(), weight(0).values(), dy(), weightGradient(0), dx(), add);
        return null;
    }

    @Override
    public Void depthwise(Layer.Depthwise layer) {
        kernels.depthwiseGradient(layer, shapeIn(), in(), weight(0).values(), dy(), weightGradient(0), dx(), add);
        return null;
    }

    @Override
    public Void linear(Layer.Linear layer) {
        if (ofWeights) {
            kernels.linearWeightGradient(layer, in(), dy(), weightGradient(0), weightGradient(1));
        }
        kernels.linearInputGradient(layer, weight(0).values(), dy(), dx(), add);
        if (node == plan.last()) {
            forward.variant().dropOut(shapeIn(), dx());
        }
        return null;
    }

    @Override
    public Void batchNorm(Layer.BatchNorm layer) {
        B inverseDeviation = forward.inverseDeviation(node);
        forward.variant().batchNormGradient(operation(), in(), out(), inverseDeviation, dy(), dx(), add);
        return null;
    }

    @Override
    public Void relu(Layer.Relu layer) {
        kernels.reluGradient(shapeIn(), out(), dy(), dx(), add);
        return null;
    }

    @Override
    public Void relu6(Layer.Relu6 layer) {
        kernels.relu6Gradient(shapeIn(), out(), dy(), dx(), add);
        return null;
    }

    @Override
    public Void hardSigmoid(Layer.HardSigmoid layer) {
        kernels.hardSigmoidGradient(shapeIn(), out(), dy(), dx(), add);
        return null;
    }

    @Override
    public Void channelScale(Layer.ChannelScale layer) {
        int factors = plan.secondInput(node);
        kernels.scaleChannels(shapeIn(), dy(), forward.output(factors), dx(), add);
        boolean addToFactors = isWritten(factors);
        kernels.channelFactorGradient(shapeIn(), in(), dy(), gradientOf(factors), addToFactors);
        return null;
    }

    @Override
    public Void averagePool(Layer.AveragePool layer) {
        kernels.averagePoolGradient(layer, shapeIn(), dy(), dx(), add);
        return null;
    }

    @Override
    public Void maxPool(Layer.MaxPool layer) {
        if (plan.path(node) >= 0) { // since its output has been multiplied, no pixel is equal to it
            kernels.maxPool(layer, shapeIn(), in(), out());
        }
        kernels.maxPoolGradient(layer, shapeIn(), in(), out(), dy(), dx(), add);
        return null;
    }

    @Override
    public Void subsample(Layer.Subsample layer) {
        kernels.subsampleGradient(layer, shapeIn(), dy(), dx(), add);
        return null;
    }

    @Override
    public Void globalAveragePool(Layer.GlobalAveragePool layer) {
        kernels.globalAveragePoolGradient(shapeIn(), dy(), dx(), add);
        return null;
    }

    @Override
    public Void sum(Layer.Sum layer) {
        for (int term : plan.inputs(node)) {
            propagateThroughSum(term);
        }
        return null;
    }

    @Override
    public Void concatenation(Layer.Concatenation layer) {
        int[] inputs = plan.inputs(node);
        for (int index = 0; index < inputs.length; index++) {
            boolean addToInput = isWritten(inputs[index]);
            kernels.concatenateGradient(shapeIn(), inputs.length, index, dy(), gradientOf(inputs[index]), addToInput);
        }
        return null;
    }

    private void propagateThroughSum(int term) {
        if (plan.consumers(term) == 1 && plan.path(term) < 0) {
            holder[term] = holder[node];
            sharers[holder[node]]++;
        } else {
            boolean addToTerm = isWritten(term);
            kernels.sumGradient(operation().out(), dy(), gradientOf(term), addToTerm);
        }
    }

    private Operation<B> operation() {
        return plan.operation(node);
    }

    private B in() {
        return forward.output(input);
    }

    private Shape shapeIn() {
        return operation().in();
    }

    private B out() {
        return forward.output(node);
    }

    private B dy() {
        return gradient(node);
    }

    /** The gradient of the input, to be written or added to; null of the images if nobody asks for it. */
    private B dx() {
        return input == 0 && !ofImages ? null : gradientOf(input);
    }

    private boolean isWritten(int index) {
        return holder[index] != NONE;
    }

    private B gradient(int index) {
        return gradients.get(holder[index]);
    }

    /** The gradient of a node's output, to be written or added to. */
    private B gradientOf(int index) {
        if (!isWritten(index)) {
            hold(index, buffers.take(plan.operation(index).out()));
        }
        return gradient(index);
    }

    private void letGo(int of) {
        if (--sharers[holder[of]] == 0) {
            buffers.release(plan.operation(of).out(), gradient(of));
        }
    }

    private Trained<B> weight(int index) {
        return operation().weights().get(index);
    }

    private B weightGradient(int index) {
        return ofWeights ? weight(index).gradient() : null;
    }
}
