package io.efsnas.training;

import io.efsnas.data.Augmentation;
import io.efsnas.split.SupernetNode;
import java.io.Serializable;

/**
 * How every supernet of a search is trained.
 *
 * @param steps optimizer steps of a supernet at the end of the tree in the whole run, those of its parents for it included
 * @param scheme what a step does
 * @param batch the number of images of a step
 * @param rates the learning rate of each step
 * @param labelSmoothing the probability that is taken from the label and spread evenly over all classes, 0 to below 1
 * @param pathDropout the probability that an operation of a subnet is left out of a step, 0 to below 1
 * @param augmentation the augmentation of the training images
 * @param seed the seed of sampling, shuffling and augmentation
 */
public record TrainingPlan(
        long steps,
        SchemeSpec scheme,
        int batch,
        LearningRatePlan rates,
        double labelSmoothing,
        double pathDropout,
        Augmentation augmentation,
        long seed)
        implements Serializable {

    /**
     * The learning rate of a step of a supernet: half a cosine from the initial to the final one, after a warm-up.
     *
     * @param step the steps that the supernet has taken before it, those of its parents for it included
     */
    public float learningRate(SupernetNode node, long step) {
        return (float) rates.rate(since(node, step), all(node));
    }

    /**
     * The same if a part of the training were a training by itself.
     *
     * @param from the share of the training before the part
     * @param to the share of the training up to the end of the part
     */
    float learningRate(SupernetNode node, long step, double from, double to) {
        long all = all(node);
        double since = Math.max(0, since(node, step) - from * all);
        return (float) rates.rate(since, Math.max(1, Math.round((to - from) * all)));
    }

    /** How much of its value the learning rate of a step has: less than 1 in the warm-up, and 1 after it. */
    double risen(SupernetNode node, long step) {
        return rates.risen(since(node, step), all(node));
    }

    /** The share of the training before a step of a supernet, 0 to below 1. */
    double progress(SupernetNode node, long step) {
        return since(node, step) / all(node);
    }

    /** A step as one of a supernet at the end of the tree; between whole ones for one that stands for several of them. */
    private static double since(SupernetNode node, long step) {
        return (double) step / node.width() - node.phase().trainingFrom();
    }

    private long all(SupernetNode node) {
        return steps - node.phase().trainingFrom();
    }
}
