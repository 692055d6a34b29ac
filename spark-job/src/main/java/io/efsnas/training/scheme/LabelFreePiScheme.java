package io.efsnas.training.scheme;

import io.efsnas.data.Batch;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.space.Architecture;
import io.efsnas.split.Subspace;
import io.efsnas.supernet.FeatureLesson;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetState.Tensor;
import io.efsnas.training.StepContext;
import io.efsnas.training.TrainingScheme;
import io.efsnas.training.contrast.Contrast;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes two subnets agree without labels (Peng et al., Pi-NAS, ICCV 2021). Each step draws two subnets P0 and P1 that have no
 * choice in common and takes views q0, k0, q1 and k1 of the same images. With the student f, the teacher g of averaged
 * weights and the queue Q of former keys the loss is {@code NCE(f_P0(q0), g_P1(k1); Q) + NCE(f_P1(q1), g_P0(k0); Q)}. Before
 * each key is made, the averages of the weights that its subnet uses move, and no others (<i>nontrivial mean teacher</i>).
 *
 * <p>The last share of the steps is linear training: all weights but the classifier's stay as they are, and the classifier
 * learns from the labels with a drawn subnet in each step. Both parts have a learning rate with a course of its own.
 */
final class LabelFreePiScheme implements TrainingScheme {

    /** The views of a step, in their order. */
    private enum View {
        Q0,
        K0,
        Q1,
        K1;

        Batch of(StepContext context) {
            return context.views().get(ordinal());
        }
    }

    /**
     * How it is set.
     *
     * @param decay how much of an averaged weight stays when it moves towards its weight
     * @param contrast how embeddings are made and told apart
     * @param linearShare the share of the training, the last one, in which the classifier learns, above 0 and below 1
     * @param linearRate what the learning rate is multiplied by there
     */
    record Setting(float decay, Contrast.Setting contrast, double linearShare, double linearRate) {

        /** The share of the training before the classifier learns. */
        double linearFrom() {
            return 1 - linearShare;
        }
    }

    private final Setting setting;
    /** Null before the first step, which shows how many features there are. */
    private Contrast contrast;

    LabelFreePiScheme(Setting setting) {
        this.setting = setting;
    }

    /** In linear training it is one, which is run forward alone. */
    @Override
    public int subnetsPerStep(Subspace subspace) {
        return 2;
    }

    /** In linear training there is none. */
    @Override
    public double forwardPasses(Subspace subspace) {
        return 2;
    }

    @Override
    public boolean givesLessons() {
        return true;
    }

    /** Not with a head and a queue of each worker's own. */
    @Override
    public boolean suitsWorkers() {
        return false;
    }

    @Override
    public boolean classifiesAtTheEndAlone() {
        return true;
    }

    @Override
    public int views(double progress) {
        return isLinear(progress) ? 1 : View.values().length;
    }

    private boolean isLinear(double progress) {
        return progress >= setting.linearFrom();
    }

    @Override
    public PendingEvaluation step(Supernet supernet, StepContext context) {
        return isLinear(context.progress()) ? trainClassifier(supernet, context) : trainFeatures(supernet, context);
    }

    private PendingEvaluation trainClassifier(Supernet supernet, StepContext context) {
        Architecture subnet = context.node().subspace().sample(context.random());
        float rate = (float) (setting.linearRate * context.learningRate(setting.linearFrom(), 1));
        return supernet.trainClassifier(context.batch(), subnet, rate);
    }

    private PendingEvaluation trainFeatures(Supernet supernet, StepContext context) {
        List<Architecture> pair = UnlikeSubnets.of(context.node().subspace(), context.random());
        float[] keys0 = keys(supernet, View.K0.of(context), pair.get(0), context);
        float[] keys1 = keys(supernet, View.K1.of(context), pair.get(1), context);
        float rate = context.learningRate(0, setting.linearFrom());
        PendingEvaluation evaluation = supernet.trainFeatures(
                List.of(
                        new FeatureLesson(View.Q0.of(context), pair.get(0), contrast.against(keys1)),
                        new FeatureLesson(View.Q1.of(context), pair.get(1), contrast.against(keys0))),
                rate);
        contrast.update(rate, supernet.optimizer());
        contrast.add(keys0, keys1);
        return evaluation;
    }

    /** What the teacher makes of a view, after it has moved towards the student. */
    private float[] keys(Supernet supernet, Batch view, Architecture subnet, StepContext context) {
        supernet.average(List.of(subnet), setting.decay);
        float[] features = supernet.averagedFeatures(view, subnet);
        if (contrast == null) {
            contrast = setting.contrast.drawn(
                    features.length / view.size(),
                    KeyedRandom.of(
                            context.plan().seed(),
                            Purpose.EMBEDDING,
                            context.node().key()));
        }
        return contrast.keys(setting.decay, features);
    }

    @Override
    public Map<String, Tensor> state() {
        return Optional.ofNullable(contrast).map(Contrast::state).orElse(Map.of());
    }

    @Override
    public void restore(Map<String, Tensor> state) {
        if (!state.isEmpty()) {
            contrast = setting.contrast.restored(state);
        }
    }
}
