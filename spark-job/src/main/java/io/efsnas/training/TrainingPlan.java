package io.efsnas.training;

import io.efsnas.data.Augmentation;
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
     * The learning rate of a step, counted from 0: half a cosine from the initial to the final one, after a warm-up.
     *
     * @param step a step of a supernet at the end of the tree; between whole ones for one that stands for several of
     *     them
     */
    public float learningRate(double step) {
        return (float) rates.rate(step, steps);
    }
}
