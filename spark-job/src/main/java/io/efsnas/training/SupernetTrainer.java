package io.efsnas.training;

import io.efsnas.data.Batch;
import io.efsnas.data.BatchQueue;
import io.efsnas.data.Dataset;
import io.efsnas.data.TrainingBatches;
import io.efsnas.space.Partition;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.Supernet;
import java.io.IOException;

/** Trains one supernet, a round at a time. */
public final class SupernetTrainer {

    private static final int BATCHES_AHEAD = 4;

    private final TrainingPlan plan;
    private final int supernet;
    /** How many steps of this supernet make one of each subspace's supernet. */
    private final double stepsForOne;

    private final SubnetSampler sampler;
    private final TrainingBatches batches;
    private final CheckpointStore checkpoints;

    /** @param supernet its {@link SupernetIndex} */
    public SupernetTrainer(
            TrainingPlan plan, Partition partition, int supernet, Dataset dataset, CheckpointStore checkpoints) {
        this.plan = plan;
        this.supernet = supernet;
        this.stepsForOne =
                supernet == SupernetIndex.WARM_START ? partition.subspaces().size() : 1;
        this.sampler = new SubnetSampler(partition, supernet, plan.subnetsPerStep(), plan.seed());
        this.batches = new TrainingBatches(
                dataset.train(), dataset.normalization(), plan.batch(), plan.augmentation(), plan.seed(), supernet);
        this.checkpoints = checkpoints;
    }

    /**
     * Takes the steps from one count of steps to another and writes a checkpoint.
     *
     * @param network the supernet in the state that it has after {@code fromStep} steps
     * @throws TrainingException if the loss is no longer a number; the last checkpoint stays as it is
     */
    public RoundMetrics train(Supernet network, long fromStep, long toStep) throws IOException {
        Evaluation total = Evaluation.NONE;
        long training = 0;
        long start = System.nanoTime();
        try (BatchQueue queue = new BatchQueue(batches::batch, fromStep, toStep, BATCHES_AHEAD)) {
            for (long step = fromStep; step < toStep; step++) {
                Batch batch = queue.next();
                long ready = System.nanoTime();
                Evaluation evaluation =
                        network.train(batch, sampler.subnets(step), plan.learningRate(step / stepsForOne));
                training += System.nanoTime() - ready;
                if (!Double.isFinite(evaluation.lossSum())) {
                    throw new TrainingException(SupernetIndex.describe(supernet) + ", step " + step
                            + ": the loss is no longer a number; lower training.learning-rate.initial"
                            + " or set training.gradient-clip");
                }
                total = total.plus(evaluation);
            }
        }
        long trained = System.nanoTime();
        checkpoints.save(new Checkpoint(toStep, network.state()));
        return new RoundMetrics(
                supernet,
                fromStep,
                toStep,
                total.loss(),
                total.accuracy(),
                total.images(),
                (toStep - fromStep) * plan.subnetsPerStep(),
                seconds(training),
                seconds(trained - start - training),
                seconds(System.nanoTime() - trained));
    }

    private static double seconds(long nanoseconds) {
        return nanoseconds / 1e9;
    }
}
