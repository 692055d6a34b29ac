package io.efsnas.training;

import io.efsnas.data.Batch;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.split.SupernetNode;
import io.efsnas.supernet.Combination;
import io.efsnas.supernet.Lesson;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.TrainingStep;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What a scheme knows of the step that it takes next.
 *
 * @param node the node of the tree whose supernet takes it
 * @param step its number, from 0: the steps that the supernet has taken, those of its parents for it included
 * @param plan of the whole training
 * @param views the training images, as often as {@link TrainingScheme#views} asks for, each time augmented by itself
 * @param random the generator of this supernet and step, from which all random numbers of the step come
 * @param heldOut the images that no weight is trained on
 * @param relatives other supernets that the scheme learns from
 */
public record StepContext(
        SupernetNode node,
        long step,
        TrainingPlan plan,
        List<Batch> views,
        RandomGenerator random,
        HeldOutImages heldOut,
        Relatives relatives) {

    public StepContext {
        views = List.copyOf(views);
    }

    /** The training images. */
    public Batch batch() {
        return views.get(0);
    }

    /** The share of the training before the step, 0 to below 1: of all of it, or of that since the supernet began anew. */
    public double progress() {
        return plan.progress(node, step);
    }

    /** The step size of the update, as the plan has it. */
    public float learningRate() {
        return plan.learningRate(node, step);
    }

    /**
     * The same if a part of the training were a training by itself, with a warm-up and a cosine of its own.
     *
     * @param from the share of the training before the part, at most {@link #progress}
     * @param to the share of the training up to the end of the part
     */
    public float learningRate(double from, double to) {
        return plan.learningRate(node, step, from, to);
    }

    /** How much of its value the learning rate has: less than 1 in the warm-up, and 1 after it. */
    public double risen() {
        return plan.risen(node, step);
    }

    /** Trains subnets on the labels, which are smoothed, without some of their operations, both as the plan has it. */
    public PendingEvaluation train(Supernet supernet, List<Architecture> drawn, Combination combination) {
        List<Architecture> subnets = plan.pathDropout() == 0 ? drawn : dropped(drawn);
        float smoothing = (float) plan.labelSmoothing();
        if (smoothing == 0) {
            return supernet.train(batch(), subnets, combination, learningRate());
        }
        List<Lesson> lessons = new ArrayList<>(subnets.size());
        subnets.forEach(subnet -> lessons.add(Lesson.smoothed(subnet, smoothing)));
        return supernet.train(batch(), new TrainingStep(lessons, combination, learningRate()));
    }

    /** Their random numbers are none of {@link #random}, so that the same subnets are drawn as without dropout. */
    private List<Architecture> dropped(List<Architecture> drawn) {
        RandomGenerator own = KeyedRandom.of(plan.seed(), Purpose.PATH_DROPOUT, node.key(), step);
        SearchSpace space = node.subspace().space();
        return drawn.stream()
                .map(subnet -> PathDropout.of(space, subnet, plan.pathDropout(), own))
                .toList();
    }
}
