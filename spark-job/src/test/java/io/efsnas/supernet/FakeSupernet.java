package io.efsnas.supernet;

import io.efsnas.data.Batch;
import io.efsnas.data.format.ImageSet;
import io.efsnas.space.Architecture;
import io.efsnas.supernet.SupernetState.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Notes what it is asked and computes nothing: how well a subnet does is a made-up function of the batch and the subnet.
 * Its state is the number of steps it has taken.
 */
public final class FakeSupernet implements Supernet {

    /** What one step was asked to do. */
    public record Step(
            List<Integer> labels,
            List<Float> images,
            List<Architecture> subnets,
            Combination combination,
            float learningRate) {}

    private final List<Step> steps = new ArrayList<>();
    private final List<TrainingStep> trainingSteps = new ArrayList<>();
    private final List<List<Architecture>> averaged = new ArrayList<>();
    private final List<FeatureStep> featureSteps = new ArrayList<>();
    private final List<Seen> seenByAverages = new ArrayList<>();
    private final List<ClassifierStep> classifierSteps = new ArrayList<>();

    /** What one step by features was asked to do. */
    public record FeatureStep(List<FeatureLesson> lessons, float learningRate) {}

    /** What one step of the classifier was asked to do. */
    public record ClassifierStep(Batch batch, Architecture subnet, float learningRate) {}

    /** Images that a subnet with averaged weights was run on. */
    public record Seen(Batch batch, Architecture subnet) {}

    /** All steps in their order. */
    public List<Step> steps() {
        return steps;
    }

    /** All steps with lessons, in their order. */
    public List<TrainingStep> trainingSteps() {
        return trainingSteps;
    }

    /** The subnets of each call of {@link #average}. */
    public List<List<Architecture>> averaged() {
        return averaged;
    }

    /** The made-up evaluation of a subnet; another for each batch and subnet. */
    public static Evaluation evaluation(Batch batch, Architecture subnet) {
        double correct = 0;
        double loss = 0;
        for (int image = 0; image < batch.size(); image++) {
            correct += batch.labels()[image] % 2;
            loss += batch.images()[image * batch.shape().size()] * (1 + subnet.hashCode() % 97);
        }
        return new Evaluation(batch.size(), correct, loss);
    }

    @Override
    public PendingEvaluation train(
            Batch batch, List<Architecture> subnets, Combination combination, float learningRate) {
        List<Float> images = IntStream.range(0, batch.images().length)
                .mapToObj(i -> batch.images()[i])
                .toList();
        steps.add(new Step(IntStream.of(batch.labels()).boxed().toList(), images, subnets, combination, learningRate));
        return PendingEvaluation.of(evaluation(batch, subnets.get(0)));
    }

    @Override
    public PendingEvaluation train(Batch batch, TrainingStep step) {
        trainingSteps.add(step);
        return PendingEvaluation.of(evaluation(batch, step.lessons().get(0).subnet()));
    }

    /** All steps by features, in their order. */
    public List<FeatureStep> featureSteps() {
        return featureSteps;
    }

    /** All steps of the classifier, in their order. */
    public List<ClassifierStep> classifierSteps() {
        return classifierSteps;
    }

    /** Each call of {@link #averagedFeatures}. */
    public List<Seen> seenByAverages() {
        return seenByAverages;
    }

    @Override
    public PendingEvaluation trainFeatures(List<FeatureLesson> lessons, float learningRate) {
        featureSteps.add(new FeatureStep(lessons, learningRate));
        return PendingEvaluation.of(
                evaluation(lessons.get(0).batch(), lessons.get(0).subnet()));
    }

    /** Two features, made up of the batch and the subnet. */
    @Override
    public float[] averagedFeatures(Batch batch, Architecture subnet) {
        seenByAverages.add(new Seen(batch, subnet));
        float[] features = new float[2 * batch.size()];
        for (int i = 0; i < features.length; i++) {
            features[i] = 1 + i % 3 + subnet.hashCode() % 7;
        }
        return features;
    }

    @Override
    public PendingEvaluation trainClassifier(Batch batch, Architecture subnet, float learningRate) {
        classifierSteps.add(new ClassifierStep(batch, subnet, learningRate));
        return PendingEvaluation.of(evaluation(batch, subnet));
    }

    @Override
    public SupernetSpec.Optimizer optimizer() {
        return new SupernetSpec.Optimizer(0.9f, 0, 0);
    }

    @Override
    public void average(List<Architecture> subnets, float decay) {
        averaged.add(subnets);
    }

    @Override
    public List<Evaluation> score(Batch batch, List<Architecture> subnets) {
        return subnets.stream().map(subnet -> evaluation(batch, subnet)).toList();
    }

    @Override
    public SupernetState state() {
        return new SupernetState(Map.of("steps", new Tensor(List.of(), new float[] {steps.size()})));
    }

    @Override
    public void restore(SupernetState state) {
        throw new UnsupportedOperationException("no test restores a fake supernet");
    }

    @Override
    public boolean keeps(ImageSet images) {
        return false;
    }

    @Override
    public void rest() {}

    @Override
    public void close() {}
}
