package io.efsnas.training;

import io.efsnas.data.Batch;
import io.efsnas.data.BatchQueue;
import io.efsnas.data.Dataset;
import io.efsnas.data.TrainingBatches;
import io.efsnas.space.Partition;
import io.efsnas.space.Subspace;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.Supernet;
import java.io.IOException;

/** Trains the supernet of one subspace, a round at a time. */
public final class SupernetTrainer {

    private static final int BATCHES_AHEAD = 4;

    private final TrainingPlan plan;
    private final Subspace subspace;
    private final SubnetSampler sampler;
    private final TrainingBatches batches;
    private final CheckpointStore checkpoints;

    public SupernetTrainer(
            TrainingPlan plan, Partition partition, Subspace subspace, Dataset dataset, CheckpointStore checkpoints) {
        this.plan = plan;
        this.subspace = subspace;
        this.sampler = new SubnetSampler(partition, subspace, plan.subnetsPerStep(), plan.seed());
        this.batches = new TrainingBatches(
                dataset.train(),
                dataset.normalization(),
                plan.batch(),
                plan.augmentation(),
                plan.seed(),
                subspace.index());
        this.checkpoints = checkpoints;
    }

    /**
     * Takes the steps from one count of steps to another and writes a checkpoint.
     *
     * @param supernet in the state that it has after {@code fromStep} steps
     * @throws TrainingException if the loss is no longer a number; the last checkpoint stays as it is
     */
    public RoundMetrics train(Supernet supernet, long fromStep, long toStep) throws IOException {
        Evaluation total = Evaluation.NONE;
        long training = 0;
        long start = System.nanoTime();
        try (BatchQueue queue = new BatchQueue(batches::batch, fromStep, toStep, BATCHES_AHEAD)) {
            for (long step = fromStep; step < toStep; step++) {
                Batch batch = queue.next();
                long ready = System.nanoTime();
                Evaluation evaluation = supernet.train(batch, sampler.subnets(step), plan.learningRate(step));
                training += System.nanoTime() - ready;
                if (!Double.isFinite(evaluation.lossSum())) {
                    throw new TrainingException("supernet " + subspace.index() + ", step " + step
                            + ": the loss is no longer a number; lower training.learning-rate.initial"
                            + " or set training.gradient-clip");
                }
                total = total.plus(evaluation);
            }
        }
        long trained = System.nanoTime();
        checkpoints.save(new Checkpoint(toStep, supernet.state()));
        return new RoundMetrics(
                subspace.index(),
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
