package io.efsnas.job;

import io.efsnas.training.RoundMetrics;
import java.io.Serializable;

/**
 * What came of a round.
 *
 * @param restored whether the supernet came from a checkpoint, not from the executor's memory
 * @param preparationSeconds spent before the first step: reading images, making the supernet, reading its checkpoint
 */
public record RoundReport(
        int round,
        RoundMetrics metrics,
        TaskPlace place,
        String engine,
        int threads,
        boolean restored,
        double preparationSeconds)
        implements Serializable {}
