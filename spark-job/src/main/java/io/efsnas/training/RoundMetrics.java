package io.efsnas.training;

import io.efsnas.checkpoint.RoundProgress;
import io.efsnas.split.SupernetNode;
import java.io.Serializable;

/**
 * What a supernet did in one round.
 *
 * @param node the id of the supernet
 * @param fromStep steps taken before the round
 * @param toStep steps taken after it
 * @param loss mean cross entropy of the round's batches in nats, before each update
 * @param accuracy mean accuracy of the same, 0 to 1
 * @param images the number of images that were trained on, counted once per step
 * @param subnets the number of sampled subnets
 * @param trainingSeconds seconds spent in optimizer steps
 * @param dataSeconds seconds spent waiting for batches
 * @param checkpointSeconds seconds spent writing the checkpoint
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
        double checkpointSeconds)
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
                (round.step() - round.fromStep()) * scheme.subnetsPerStep(node.subspace()),
                round.trainingSeconds(),
                round.dataSeconds(),
                round.checkpointSeconds());
    }

    public double imagesPerSecond() {
        return images / trainingSeconds;
    }
}
