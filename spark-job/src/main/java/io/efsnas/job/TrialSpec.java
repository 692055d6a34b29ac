package io.efsnas.job;

import io.efsnas.network.ModelSize;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.training.LearningRatePlan;
import java.io.Serializable;

/**
 * How networks are trained that measures train.
 *
 * @param size of the networks
 * @param batch images of a step
 * @param rates the learning rate of each step
 * @param scoringBatch images scored at a time
 * @param scoringImages of the validation part to score on
 */
public record TrialSpec(
        ModelSize size,
        SupernetSpec.Optimizer optimizer,
        int batch,
        LearningRatePlan rates,
        int scoringBatch,
        int scoringImages)
        implements Serializable {}
