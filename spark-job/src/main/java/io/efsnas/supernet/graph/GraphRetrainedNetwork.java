package io.efsnas.supernet.graph;

import io.efsnas.data.Batch;
import io.efsnas.data.format.ImageSet;
import io.efsnas.network.Layer;
import io.efsnas.network.Network;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.retraining.NetworkTensors;
import io.efsnas.retraining.RetrainedNetwork;
import io.efsnas.retraining.RetrainedNetworkSpec;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.SupernetState.Tensor;
import io.efsnas.supernet.graph.Kernels.Trained;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A final network over {@link FinalKernels}.
 *
 * @param <B> a buffer of the kernels
 */
public final class GraphRetrainedNetwork<B> implements RetrainedNetwork {

    private final RetrainedNetworkSpec spec;
    private final Network network;
    private final NetworkTensors tensors;
    private final FinalKernels<B> kernels;
    private final SharedWeights<B> weights;
    /** The statistics of batch norms by name; nothing learns them. */
    private final Map<String, Trained<B>> statistics = new HashMap<>();

    private final BitSet decaying;
    private final BitSet constant;
    private final List<Trained<B>> learned;
    private final Optimizer optimizer;
    private final Optimizer withoutDecay;
    private final BufferPool<B> buffers;
    private final FinalVariant<B> variant;
    private final Forward<B> forward;
    private final Backward<B> backward;
    private final Plan<B> plan;
    private Evaluation trained = Evaluation.NONE;

    /** A network with fresh weights; it owns the kernels and closes them with itself. */
    public GraphRetrainedNetwork(RetrainedNetworkSpec spec, FinalKernels<B> kernels) {
        this.spec = spec;
        this.network = spec.network();
        this.tensors = NetworkTensors.of(network);
        this.kernels = kernels;
        this.weights = new SharedWeights<>(tensors.learned(), kernels);
        tensors.statistics()
                .forEach(
                        value -> statistics.put(value.name(), new Trained<>(value, kernels.weight(value), null, null)));
        this.decaying = weights.places(tensors.decaying());
        this.constant = weights.places(tensors.constant());
        this.learned = tensors.learned().stream().map(weights::trained).toList();
        this.optimizer = spec.optimizer().withoutClip();
        this.withoutDecay = optimizer.withoutDecay();
        this.buffers = new BufferPool<>(kernels);
        this.variant = new FinalVariant<>(spec, kernels, buffers);
        this.forward = new Forward<>(kernels, buffers, variant);
        this.backward = new Backward<>(forward, kernels, buffers);
        this.plan = new Plan<>(network, this::tensorsOf, weights.places(tensors.learned()), new HashMap<>());
        restore(tensors.initial(spec.seed()));
    }

    private List<Trained<B>> tensorsOf(Layer layer) {
        return NetworkTensors.of(layer).stream().map(this::tensor).toList();
    }

    private Trained<B> tensor(Weight weight) {
        Trained<B> statistic = statistics.get(weight.name());
        return statistic == null ? weights.trained(weight) : statistic;
    }

    @Override
    public void train(Batch batch, long step, float learningRate) {
        variant.beginStep(step, batch.size());
        B images = images(batch);
        forward.computeForGradients(plan, images);
        trained = trained.plus(evaluation(spec.labelSmoothing()));
        B dlogits = buffers.take(logits());
        kernels.lossGradient(
                plan.classes(), forward.output(plan.last()), spec.labelSmoothing(), 1f / batch.size(), dlogits);
        weights.clearGradients(plan.weights());
        backward.runReleasing(dlogits);
        buffers.release(network.image(), images);
        kernels.clip(learned, spec.optimizer());
        weights.update(decaying, 0, learningRate, optimizer);
        weights.update(constant, 0, learningRate, withoutDecay);
    }

    private Evaluation evaluation(double smoothing) {
        return kernels.evaluate(plan.classes(), forward.output(plan.last()), smoothing)
                .get();
    }

    private Shape logits() {
        return plan.operation(plan.last()).out();
    }

    private B images(Batch batch) {
        if (batch.size() > spec.batch() || !batch.shape().equals(network.image())) {
            throw new IllegalArgumentException("this network takes at most " + spec.batch() + " images of "
                    + network.image() + ", not " + batch.size() + " of " + batch.shape());
        }
        B images = buffers.take(network.image());
        kernels.images(batch, images);
        return images;
    }

    @Override
    public Evaluation trained() {
        Evaluation sinceLastTime = trained;
        trained = Evaluation.NONE;
        return sinceLastTime;
    }

    @Override
    public Evaluation evaluate(Batch batch) {
        variant.compute(false);
        B images = images(batch);
        forward.computeReleasing(plan, images);
        Evaluation evaluation = evaluation(0);
        forward.release(plan.last());
        buffers.release(network.image(), images);
        return evaluation;
    }

    @Override
    public float[] logits(Batch batch, boolean training) {
        variant.compute(training);
        B images = images(batch);
        forward.computeReleasing(plan, images);
        float[] values = new float[batch.size() * logits().size()];
        kernels.read(logits(), forward.output(plan.last()), values);
        forward.release(plan.last());
        buffers.release(network.image(), images);
        return values;
    }

    @Override
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>(weights.state().tensors());
        for (Weight value : tensors.statistics()) {
            float[] values = new float[value.size()];
            kernels.read(value, statistics.get(value.name()).values(), values);
            state.put(value.name(), new Tensor(value.shape(), values));
        }
        return state;
    }

    @Override
    public void restore(Map<String, Tensor> state) {
        tensors.requireAll(state);
        Map<String, Tensor> others = new LinkedHashMap<>(state);
        statistics.forEach((name, statistic) ->
                kernels.write(statistic.weight(), others.remove(name).values(), statistic.values()));
        weights.restore(new SupernetState(others));
    }

    @Override
    public boolean keeps(ImageSet images) {
        return kernels.keeps(images);
    }

    @Override
    public void close() {
        kernels.close();
    }
}
