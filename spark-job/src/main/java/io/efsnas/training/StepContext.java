package io.efsnas.training;

import io.efsnas.data.Batch;
import io.efsnas.split.SupernetNode;
import java.util.random.RandomGenerator;

/**
 * What a scheme knows of the step that it is to take.
 *
 * @param node whose supernet takes it
 * @param step its number, from 0: the steps that the supernet has taken, those of its parents for it included
 * @param progress the share of the whole training before it, 0 to below 1
 * @param batch of training images
 * @param learningRate of the step
 * @param random a generator of this supernet and step: all random numbers of the step come from it
 * @param heldOut images that no weight is trained on
 */
public record StepContext(
        SupernetNode node,
        long step,
        double progress,
        Batch batch,
        float learningRate,
        RandomGenerator random,
        HeldOutImages heldOut) {}
