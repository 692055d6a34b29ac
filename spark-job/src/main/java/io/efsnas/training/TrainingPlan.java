package io.efsnas.training;

import io.efsnas.data.Augmentation;
import java.io.Serializable;

/**
 * How every supernet of a search is trained.
 *
 * @param steps optimizer steps of each supernet in the whole run
 * @param warmStartSteps how many of them, the first ones, one supernet takes for all: as many steps for each subspace,
 *     in turn. Each supernet then goes on from a copy of it. 0 if each begins with weights of its own
 * @param sharedParts whether the weights that belong to no choice are kept equal in all supernets
 * @param subnetsPerStep how many subnets are sampled for a step; their gradients are averaged into one update
 * @param batch images of a step
 * @param initialLearningRate of the first step
 * @param finalLearningRate which the last step approaches
 * @param augmentation of the training images
 * @param seed from which sampling, shuffling and augmentation are derived
 */
public record TrainingPlan(
        long steps,
        long warmStartSteps,
        boolean sharedParts,
        int subnetsPerStep,
        int batch,
        double initialLearningRate,
        double finalLearningRate,
        Augmentation augmentation,
        long seed)
        implements Serializable {

    /**
     * The learning rate of a step, counted from 0: half a cosine from the initial to the final one.
     *
     * @param step of a subspace's supernet; between whole ones for a warm start, which needs several steps for one of all
     */
    public float learningRate(double step) {
        return (float) new CosineSchedule(initialLearningRate, finalLearningRate, steps).rate(step);
    }
}
