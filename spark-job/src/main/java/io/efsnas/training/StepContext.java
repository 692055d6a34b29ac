package io.efsnas.training;

import io.efsnas.data.Batch;
import io.efsnas.split.SupernetNode;
import java.util.random.RandomGenerator;

/**
 * What a scheme knows of the step that it takes next.
 *
 * @param node the node of the tree whose supernet takes it
 * @param step its number, from 0: the steps that the supernet has taken, those of its parents for it included
 * @param plan of the whole training
 * @param batch the training images
 * @param random the generator of this supernet and step, from which all random numbers of the step come
 * @param heldOut the images that no weight is trained on
 */
public record StepContext(
        SupernetNode node, long step, TrainingPlan plan, Batch batch, RandomGenerator random, HeldOutImages heldOut) {

    /** The share of the whole training before the step, 0 to below 1. */
    public double progress() {
        return stepOfALeaf() / plan.steps();
    }

    /** The step size of the update, as the plan has it. */
    public float learningRate() {
        return plan.learningRate(stepOfALeaf());
    }

    private double stepOfALeaf() {
        return (double) step / node.width();
    }
}
