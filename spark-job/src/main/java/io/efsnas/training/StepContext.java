package io.efsnas.training;

import io.efsnas.data.Batch;
import io.efsnas.split.SupernetNode;
import java.util.random.RandomGenerator;

/**
 * What a scheme knows of the step that it takes next.
 *
 * @param node the node of the tree whose supernet takes it
 * @param step its number, from 0: the steps that the supernet has taken, those of its parents for it included
 * @param progress the share of the whole training before it, 0 to below 1
 * @param batch the training images
 * @param learningRate the step size of the update
 * @param random the generator of this supernet and step, from which all random numbers of the step come
 * @param heldOut the images that no weight is trained on
 */
public record StepContext(
        SupernetNode node,
        long step,
        double progress,
        Batch batch,
        float learningRate,
        RandomGenerator random,
        HeldOutImages heldOut) {}
