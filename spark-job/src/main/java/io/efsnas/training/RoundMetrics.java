package io.efsnas.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.efsnas.checkpoint.RoundProgress;
import io.efsnas.split.SupernetNode;
import java.io.Serializable;

/**
 * What a supernet did in one round.
 *
 * @param node the id of the supernet
 * @param fromStep steps taken before the round
 * @param toStep steps taken after it, those that were skipped included
 * @param loss mean cross entropy of the round's batches in nats, or the mean of another loss that their steps lessen, before
 *     each update; not a number if no step was taken
 * @param accuracy mean accuracy of the same, 0 to 1; not a number if no step was taken
 * @param images the number of images that were trained on, counted once per step
 * @param subnets the number of sampled subnets
 * @param trainingSeconds seconds spent in optimizer steps
 * @param dataSeconds seconds spent waiting for batches
 * @param checkpointSeconds seconds spent writing the checkpoint
 * @param skippedSteps how many of the round's steps were not taken, since the training had ended early
 */
public record RoundMetrics(
        String node,
        long fromStep,
        long toStep,
        double loss,
        double accuracy,
        long images,
        long subnets,
        double trainingSeconds,
        double dataSeconds,
        double checkpointSeconds,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long skippedSteps)
        implements Serializable {

    /**
     * The metrics of a round that has ended.
     *
     * @param scheme what its steps were
     */
    public static RoundMetrics of(SupernetNode node, RoundProgress round, TrainingScheme scheme) {
        return new RoundMetrics(
                node.id(),
                round.fromStep(),
                round.step(),
                round.evaluation().loss(),
                round.evaluation().accuracy(),
                round.evaluation().images(),
                round.taken() * scheme.subnetsPerStep(node.subspace()),
                round.trainingSeconds(),
                round.dataSeconds(),
                round.checkpointSeconds(),
                round.skipped());
    }

    /** How many steps the supernet took. */
    public long steps() {
        return toStep - fromStep - skippedSteps;
    }

    /** Steps taken after the last one that was not skipped. */
    public long lastStep() {
        return toStep - skippedSteps;
    }

    public double imagesPerSecond() {
        return images / trainingSeconds;
    }
}
