package io.efsnas.supernet.graph;

import io.efsnas.data.Batch;
import io.efsnas.data.format.ImageSet;
import io.efsnas.network.AuxiliaryHead;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A final network over {@link FinalKernels}.
 *
 * @param <B> a buffer of the kernels
 */
public final class GraphRetrainedNetwork<B> implements RetrainedNetwork {

    private final RetrainedNetworkSpec spec;
    private final Shape image;
    private final Optional<AuxiliaryHead> head;
    private final NetworkTensors tensors;
    private final FinalKernels<B> kernels;
    private final SharedWeights<B> weights;
    /** The statistics of batch norms by name, which nothing learns, and their averages. */
    private final Map<String, Trained<B>> statistics = new LinkedHashMap<>();

    private final BitSet decaying;
    private final BitSet constant;
    private final List<Trained<B>> learned;
    private final Optimizer optimizer;
    private final Optimizer withoutDecay;
    private final BufferPool<B> buffers;
    private final FinalPass<B> trainingPass;
    /** Without an auxiliary head, and with the averages if they are kept. */
    private final FinalPass<B> judgedPass;

    private final Backward<B> backward;
    private Evaluation trained = Evaluation.NONE;

    /** A network with fresh weights; it owns the kernels and closes them with itself. */
    public GraphRetrainedNetwork(RetrainedNetworkSpec spec, FinalKernels<B> kernels) {
        this.spec = spec;
        Network network = spec.network();
        this.image = network.image();
        this.head = spec.head();
        this.tensors = spec.tensors();
        this.kernels = kernels;
        this.weights = new SharedWeights<>(tensors.learned(), kernels);
        tensors.statistics().forEach(value -> statistics.put(value.name(), statistic(value)));
        this.decaying = weights.places(tensors.decaying());
        this.constant = weights.places(tensors.constant());
        this.learned = tensors.learned().stream().map(weights::trained).toList();
        this.optimizer = spec.optimizer().withoutClip();
        this.withoutDecay = optimizer.withoutDecay();
        this.buffers = new BufferPool<>(kernels);
        BitSet places = weights.places(tensors.learned());
        this.trainingPass =
                FinalPass.of(spec, spec.trainingNetwork(), spec.droppedPaths(), kernels, buffers, this::tensor, places);
        if (spec.averages()) {
            tensors.statistics().forEach(value -> statistics.put(average(value), statistic(value)));
        }
        Function<Weight, Trained<B>> judged = spec.averages() ? this::averaged : this::tensor;
        this.judgedPass = FinalPass.of(spec, network, List.of(), kernels, buffers, judged, places);
        this.backward = new Backward<>(trainingPass.forward(), kernels, buffers);
        restore(tensors.initial(spec.seed()));
    }

    private Trained<B> statistic(Weight value) {
        return new Trained<>(value, kernels.weight(value), null, null);
    }

    private static String average(Weight weight) {
        return SupernetState.AVERAGE + weight.name();
    }

    private Trained<B> tensor(Weight weight) {
        Trained<B> statistic = statistics.get(weight.name());
        return statistic == null ? weights.trained(weight) : statistic;
    }

    private Trained<B> averaged(Weight weight) {
        Trained<B> statistic = statistics.get(average(weight));
        return statistic == null ? weights.averages().trained(weight) : statistic;
    }

    @Override
    public void train(Batch batch, long step, float learningRate, double progress) {
        Plan<B> plan = trainingPass.plan();
        Forward<B> forward = trainingPass.forward();
        trainingPass.variant().beginStep(step, progress, batch.size());
        B images = images(batch);
        forward.computeForGradients(plan, images);
        trained = trained.plus(evaluation(trainingPass, spec.regularisation().labelSmoothing()));
        weights.clearGradients(plan.weights());
        B dlogits = lossGradient(plan.last(), 1f / batch.size());
        if (head.isPresent()) {
            int further = head.get().logits();
            double weight = spec.regularisation().auxiliaryWeight();
            backward.runReleasing(dlogits, further, lossGradient(further, (float) (weight / batch.size())));
        } else {
            backward.runReleasing(dlogits);
        }
        buffers.release(image, images);
        kernels.clip(learned, spec.optimizer());
        weights.update(decaying, 0, learningRate, optimizer);
        weights.update(constant, 0, learningRate, withoutDecay);
        if (spec.averages()) {
            moveAverages(spec.averageDecay(step));
        }
    }

    /** The gradient of the loss of the logits that a node gives. */
    private B lossGradient(int node, float scale) {
        B gradient = buffers.take(logits());
        kernels.lossGradient(
                plan().classes(),
                trainingPass.forward().output(node),
                spec.regularisation().labelSmoothing(),
                scale,
                gradient);
        return gradient;
    }

    private void moveAverages(float decay) {
        weights.average(plan().weights(), decay);
        for (Weight value : tensors.statistics()) {
            kernels.average(
                    statistics.get(value.name()).values(),
                    decay,
                    statistics.get(average(value)).values());
        }
    }

    private Plan<B> plan() {
        return trainingPass.plan();
    }

    private Evaluation evaluation(FinalPass<B> pass, double smoothing) {
        return kernels.evaluate(
                        pass.plan().classes(), pass.forward().output(pass.plan().last()), smoothing)
                .get();
    }

    private Shape logits() {
        return plan().operation(plan().last()).out();
    }

    private B images(Batch batch) {
        if (batch.size() > spec.batch() || !batch.shape().equals(image)) {
            throw new IllegalArgumentException("this network takes at most " + spec.batch() + " images of " + image
                    + ", not " + batch.size() + " of " + batch.shape());
        }
        B images = buffers.take(image);
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
        judgedPass.variant().compute(false);
        return forward(judgedPass, batch, () -> evaluation(judgedPass, 0));
    }

    @Override
    public float[] logits(Batch batch, boolean training) {
        FinalPass<B> pass = training ? trainingPass : judgedPass;
        pass.variant().compute(training);
        return forward(pass, batch, () -> {
            float[] values = new float[batch.size() * logits().size()];
            kernels.read(logits(), pass.forward().output(pass.plan().last()), values);
            return values;
        });
    }

    private <T> T forward(FinalPass<B> pass, Batch batch, Supplier<T> result) {
        B images = images(batch);
        pass.forward().computeReleasing(pass.plan(), images);
        T of = result.get();
        pass.forward().release(pass.plan().last());
        if (pass == trainingPass) {
            head.ifPresent(further -> pass.forward().release(further.logits()));
        }
        buffers.release(image, images);
        return of;
    }

    @Override
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>(weights.state().tensors());
        statistics.forEach((name, statistic) -> {
            float[] values = new float[statistic.weight().size()];
            kernels.read(statistic.weight(), statistic.values(), values);
            state.put(name, new Tensor(statistic.weight().shape(), values));
        });
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
