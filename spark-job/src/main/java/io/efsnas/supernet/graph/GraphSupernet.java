package io.efsnas.supernet.graph;

import io.efsnas.data.Batch;
import io.efsnas.data.format.ImageSet;
import io.efsnas.network.Network;
import io.efsnas.network.Shape;
import io.efsnas.space.Architecture;
import io.efsnas.supernet.Activity;
import io.efsnas.supernet.BlockMoments;
import io.efsnas.supernet.Combination;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.FeatureLesson;
import io.efsnas.supernet.Lesson;
import io.efsnas.supernet.LossGradients;
import io.efsnas.supernet.NormStatistics;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.TrainingStep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A supernet over any {@link Kernels}.
 *
 * @param <B> a buffer of the kernels
 */
public final class GraphSupernet<B> implements Supernet {

    /** Of the plans that are kept: at some 50 bytes each, 25 MB. */
    private static final int MOST_NODES = 1 << 19;

    private final SupernetSpec spec;
    private final Kernels<B> kernels;
    private final SharedWeights<B> weights;
    private final Products<B> products;
    /** The places of the weights that the subnets of a step use. */
    private final BitSet touched = new BitSet();

    /** Of the lesson that is being learned, and the gradient of its loss with respect to them. */
    private float[] features = {};

    private float[] featureGradients = {};

    private Plans<B> plans;
    /** Those with averaged weights; null until one is needed. */
    private Plans<B> averagedPlans;

    private BufferPool<B> buffers;
    private Forward<B> forward;
    private Backward<B> backward;
    private Teachers<B> teachers;
    private StatisticsPass<B> recalibrated;
    /** Null until it is needed. */
    private BlockPass<B> blocks;

    /** A supernet with fresh weights; it owns the kernels and closes them with itself. */
    public GraphSupernet(SupernetSpec spec, Kernels<B> kernels) {
        this.spec = spec;
        this.kernels = kernels;
        this.products = new Products<>(kernels);
        try {
            this.weights = new SharedWeights<>(spec.weights(), kernels);
            weights.initialise(spec.seed(), spec.space().initialisation());
            makeRoom();
        } catch (RuntimeException e) {
            throw closed(kernels.explained(e));
        }
    }

    /** Closes the kernels after a failure, which stays the one to report: on a lost device closing them fails, too. */
    private RuntimeException closed(RuntimeException failure) {
        try {
            close();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
        return failure;
    }

    private <T> T explained(Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            throw kernels.explained(e);
        }
    }

    private void doExplained(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            throw kernels.explained(e);
        }
    }

    @Override
    public PendingEvaluation train(
            Batch batch, List<Architecture> subnets, Combination combination, float learningRate) {
        List<Lesson> lessons = new ArrayList<>(subnets.size());
        subnets.forEach(subnet -> lessons.add(Lesson.of(subnet)));
        return train(batch, new TrainingStep(lessons, combination, learningRate));
    }

    @Override
    public PendingEvaluation train(Batch batch, TrainingStep step) {
        return explained(() -> new Explained(take(step, batch)));
    }

    /** An evaluation whose failure the kernels explain: a device reports a failed step only when it is waited for. */
    private final class Explained implements PendingEvaluation {

        private final PendingEvaluation evaluation;

        Explained(PendingEvaluation evaluation) {
            this.evaluation = evaluation;
        }

        @Override
        public boolean ready() {
            return explained(evaluation::ready);
        }

        @Override
        public Evaluation get() {
            return explained(evaluation::get);
        }
    }

    private PendingEvaluation take(TrainingStep step, Batch batch) {
        List<Lesson> lessons = step.lessons();
        B images = images(batch);
        touched.clear();
        boolean firstTeaches = false;
        for (Lesson lesson : lessons) {
            touched.or(plans.of(lesson.subnet()).weights());
            firstTeaches |= lesson.imitatesFirst();
        }
        weights.clearGradients(touched);
        float factor = step.combination().factor(batch.size(), lessons.size());
        PendingEvaluation[] evaluations = new PendingEvaluation[lessons.size()];
        teachers.begin(batch, images);
        for (int i = 0; i < evaluations.length; i++) {
            Lesson lesson = lessons.get(i);
            Optional<B> teacher = lesson.teacher().map(teachers::probabilities);
            evaluations[i] = forward.runForGradients(plans.of(lesson.subnet()), images);
            if (i == 0 && firstTeaches) {
                teachers.keepFirst();
            }
            if (teacher.isPresent()) {
                backward.run(factor * lesson.labels(), teacher.get(), factor * lesson.imitation());
            } else {
                backward.run(factor * lesson.labels());
            }
        }
        teachers.end();
        buffers.release(spec.size().image(), images);
        weights.update(touched, step.momenta(), step.learningRate(), spec.optimizer());
        return PendingEvaluation.mean(batch.size(), evaluations);
    }

    @Override
    public PendingEvaluation trainFeatures(List<FeatureLesson> lessons, float learningRate) {
        return explained(() -> take(lessons, learningRate));
    }

    private PendingEvaluation take(List<FeatureLesson> lessons, float learningRate) {
        touched.clear();
        for (FeatureLesson lesson : lessons) {
            touched.or(plans.of(lesson.subnet()).weights());
        }
        touched.andNot(classifier(plans.of(lessons.get(0).subnet())));
        weights.clearGradients(touched);
        PendingEvaluation[] evaluations = new PendingEvaluation[lessons.size()];
        for (int i = 0; i < evaluations.length; i++) {
            evaluations[i] = PendingEvaluation.of(learn(lessons.get(i)));
        }
        weights.update(touched, 0, learningRate, spec.optimizer());
        return PendingEvaluation.mean(lessons.get(0).batch().size(), evaluations);
    }

    /** Adds the gradients of a lesson to those of the weights. */
    private Evaluation learn(FeatureLesson lesson) {
        Batch batch = lesson.batch();
        B images = images(batch);
        Plan<B> plan = plans.of(lesson.subnet());
        forward.computeForGradients(plan, images);
        Shape shape = plan.operation(plan.features()).out();
        int values = batch.size() * shape.size();
        if (features.length != values) {
            features = new float[values];
            featureGradients = new float[values];
        }
        kernels.read(shape, forward.features(), features);
        Evaluation evaluation = lesson.loss().of(features, featureGradients);
        B gradients = buffers.take(shape);
        kernels.images(new Batch(featureGradients, batch.labels(), shape), gradients);
        backward.runReleasingFeatures(gradients);
        buffers.release(spec.size().image(), images);
        return evaluation;
    }

    /** The places of the weights of a plan's last layer, which all subnets have in common. */
    private BitSet classifier(Plan<B> plan) {
        return weights.places(plan.operation(plan.last()).layer().weights());
    }

    @Override
    public float[] averagedFeatures(Batch batch, Architecture subnet) {
        return explained(() -> {
            B images = images(batch);
            Plan<B> plan = averagedPlan(subnet);
            forward.computeFeatures(plan, images);
            Shape shape = plan.operation(plan.features()).out();
            float[] values = new float[batch.size() * shape.size()];
            kernels.read(shape, forward.features(), values);
            forward.releaseFeatures();
            buffers.release(spec.size().image(), images);
            return values;
        });
    }

    @Override
    public PendingEvaluation trainClassifier(Batch batch, Architecture subnet, float learningRate) {
        return explained(() -> {
            B images = images(batch);
            Plan<B> plan = plans.of(subnet);
            BitSet trained = classifier(plan);
            weights.clearGradients(trained);
            forward.computeFeatures(plan, images);
            PendingEvaluation evaluation = forward.evaluate();
            backward.runClassifier(Combination.MEAN.factor(batch.size(), 1));
            forward.releaseFeatures();
            buffers.release(spec.size().image(), images);
            weights.update(trained, 0, learningRate, spec.optimizer().withoutDecay());
            return new Explained(evaluation);
        });
    }

    @Override
    public SupernetSpec.Optimizer optimizer() {
        return spec.optimizer();
    }

    @Override
    public void average(List<Architecture> subnets, float decay) {
        doExplained(() -> {
            touched.clear();
            subnets.forEach(subnet -> touched.or(plans.of(subnet).weights()));
            weights.average(touched, decay);
        });
    }

    @Override
    public float[] probabilities(Batch batch, Architecture subnet) {
        return explained(() -> {
            Shape logits = new Shape(spec.size().classes(), 1, 1);
            B images = images(batch);
            B probabilities = buffers.take(logits);
            forward.runReleasing(plans.of(subnet), images, probabilities);
            float[] values = new float[batch.size() * logits.size()];
            kernels.read(logits, probabilities, values);
            buffers.release(logits, probabilities);
            buffers.release(spec.size().image(), images);
            return values;
        });
    }

    @Override
    public List<Evaluation> score(Batch batch, List<Architecture> subnets) {
        return explained(() -> evaluate(batch, subnets));
    }

    private List<Evaluation> evaluate(Batch batch, List<Architecture> subnets) {
        B images = images(batch);
        PendingEvaluation[] evaluations = new PendingEvaluation[subnets.size()];
        for (int i = 0; i < evaluations.length; i++) {
            evaluations[i] = forward.runReleasing(plans.of(subnets.get(i)), images);
        }
        buffers.release(spec.size().image(), images);
        return Arrays.stream(evaluations).map(PendingEvaluation::get).toList();
    }

    @Override
    public List<NormStatistics> statistics(Batch batch, List<Architecture> subnets) {
        return explained(() -> {
            B images = images(batch);
            List<NormStatistics> statistics = subnets.stream()
                    .map(subnet -> recalibrated.of(plans.of(subnet), images))
                    .toList();
            buffers.release(spec.size().image(), images);
            return statistics;
        });
    }

    @Override
    public List<Evaluation> score(Batch batch, List<Architecture> subnets, List<NormStatistics> statistics) {
        return explained(() -> {
            B images = images(batch);
            List<PendingEvaluation> evaluations = IntStream.range(0, subnets.size())
                    .mapToObj(i -> recalibrated.evaluate(plans.of(subnets.get(i)), images, statistics.get(i)))
                    .toList();
            buffers.release(spec.size().image(), images);
            return evaluations.stream().map(PendingEvaluation::get).toList();
        });
    }

    @Override
    public List<BlockMoments> blocks(Batch batch, Architecture subnet) {
        return explained(() -> {
            if (blocks == null || blocks.images() != batch.size()) {
                blocks = new BlockPass<>(kernels, buffers, products, spec.seed(), batch.size());
            }
            B images = images(batch);
            Network network = spec.subnet(subnet);
            List<BlockMoments> moments = blocks.of(network, plans.of(network), images);
            buffers.release(spec.size().image(), images);
            return moments;
        });
    }

    @Override
    public LossGradients lossGradients(Batch batch, Architecture subnet) {
        return inspected(batch, subnet, Inspection::lossGradients);
    }

    @Override
    public float[] imageGradients(Batch batch, Architecture subnet) {
        return inspected(batch, subnet, Inspection::imageGradients);
    }

    @Override
    public double[][] tangentKernel(Batch batch, Architecture subnet) {
        return inspected(batch, subnet, Inspection::tangentKernel);
    }

    @Override
    public List<Activity> activity(Batch batch, Architecture subnet) {
        return inspected(batch, subnet, Inspection::activity);
    }

    @Override
    public List<double[][]> neighbourDistances(Batch batch, Architecture subnet, int neighbours) {
        return inspected(batch, subnet, (inspection, images) -> inspection.neighbourDistances(images, neighbours));
    }

    private <T> T inspected(Batch batch, Architecture subnet, BiFunction<Inspection<B>, B, T> look) {
        return explained(() -> {
            B images = images(batch);
            Network network = spec.subnet(subnet);
            T seen = look.apply(new Inspection<>(network, plans.of(network), kernels, weights, buffers, batch), images);
            buffers.release(spec.size().image(), images);
            return seen;
        });
    }

    private Plan<B> averagedPlan(Architecture architecture) {
        if (averagedPlans == null) {
            averagedPlans = new Plans<>(spec, weights.averages(), MOST_NODES);
        }
        return averagedPlans.of(architecture);
    }

    private B images(Batch batch) {
        spec.requireFits(batch);
        B images = buffers.take(spec.size().image());
        kernels.images(batch, images);
        return images;
    }

    @Override
    public SupernetState state() {
        return explained(weights::state);
    }

    @Override
    public void restore(SupernetState state) {
        doExplained(() -> weights.restore(state));
    }

    @Override
    public boolean keeps(ImageSet images) {
        return kernels.keeps(images);
    }

    @Override
    public void rest() {
        makeRoom();
        doExplained(kernels::rest);
    }

    /** Forgets everything that steps and scores have left behind. */
    private void makeRoom() {
        plans = new Plans<>(spec, weights, MOST_NODES);
        buffers = new BufferPool<>(kernels);
        forward = new Forward<>(kernels, buffers);
        backward = new Backward<>(forward, kernels, buffers);
        recalibrated = new StatisticsPass<>(kernels, buffers);
        averagedPlans = null;
        teachers = new Teachers<>(kernels, buffers, forward, spec.size().classes(), this::averagedPlan);
        blocks = null;
    }

    @Override
    public void close() {
        doExplained(kernels::close);
    }
}
