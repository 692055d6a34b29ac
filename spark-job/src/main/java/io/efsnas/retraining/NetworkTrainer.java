package io.efsnas.retraining;

import io.efsnas.data.Batch;
import io.efsnas.data.BatchQueue;
import io.efsnas.data.Dataset;
import io.efsnas.data.ScoringBatches;
import io.efsnas.data.TrainingBatches;
import io.efsnas.supernet.Evaluation;
import io.efsnas.training.StepTimer;
import io.efsnas.training.TrainingException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains a final network, epoch by epoch, from where an earlier training was stopped. */
public final class NetworkTrainer {

    private static final Logger log = LoggerFactory.getLogger(NetworkTrainer.class);
    private static final int BATCHES_AHEAD = 4;

    private final RetrainingSchedule schedule;
    private final TrainingBatches training;
    private final ScoringBatches judging;
    private final RetrainingStates states;

    /**
     * @param dataset a data set with the images that judge
     * @param states the states of this training alone
     */
    public NetworkTrainer(RetrainingSchedule schedule, Dataset dataset, RetrainingStates states) {
        this.schedule = schedule;
        this.training = schedule.training(dataset);
        this.judging = schedule.judging(dataset);
        this.states = states;
    }

    /**
     * Trains for the epochs that are left up to one, and keeps the state after each.
     *
     * @param network a network with fresh weights
     * @param until the number of epochs after which to end, of all that the schedule has
     * @param stop asked before each step whether to stop there; what was done of the epoch is lost
     * @return all epochs, those of earlier trainings included
     * @throws CancellationException if it was stopped
     * @throws TrainingException if the loss is no longer a number
     */
    public List<EpochReport> train(RetrainedNetwork network, int until, BooleanSupplier stop) {
        Optional<RetrainingStates.Kept> kept = states.latest();
        kept.ifPresent(earlier -> network.restore(earlier.state()));
        List<EpochReport> epochs =
                new ArrayList<>(kept.map(RetrainingStates.Kept::epochs).orElse(List.of()));
        if (!epochs.isEmpty()) {
            log.info("retraining: resumed after {} of {} epochs", epochs.size(), schedule.epochs());
        }
        while (epochs.size() < until) {
            long start = System.nanoTime();
            int epoch = epochs.size();
            double loss = trainEpoch(network, epoch, stop);
            double accuracy = accuracy(network, judging, stop);
            double seconds = secondsSince(start);
            epochs.add(
                    schedule.heldOut() == 0
                            ? EpochReport.tested(epoch + 1, loss, accuracy, seconds)
                            : EpochReport.ofFinalist(epoch + 1, loss, accuracy, seconds));
            states.keep(new RetrainingStates.Kept(network.state(), List.copyOf(epochs)));
        }
        return epochs;
    }

    /**
     * Times the first steps of a training, and the evaluation of a batch that judges; no state is kept.
     *
     * @param network a network with fresh weights, which are of no use afterwards
     * @param seconds about how long to train at a time, see {@link StepTimer}
     * @throws CancellationException if it was stopped
     */
    public EpochTiming time(RetrainedNetwork network, double seconds, BooleanSupplier stop) throws IOException {
        int available = training.batchesPerEpoch();
        double step = StepTimer.secondsOf(
                steps -> {
                    takeSteps(network, 0, steps, stop);
                    network.trained(); // waits for the device
                },
                seconds,
                available);
        Batch images = judging.batch(0);
        network.evaluate(images);
        long start = System.nanoTime();
        network.evaluate(images);
        return new EpochTiming(step, available, secondsSince(start), judging.count());
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    /** Trains for one epoch and gives the mean loss. */
    private double trainEpoch(RetrainedNetwork network, int epoch, BooleanSupplier stop) {
        long first = (long) epoch * training.batchesPerEpoch();
        takeSteps(network, first, first + training.batchesPerEpoch(), stop);
        double loss = network.trained().loss();
        if (!Double.isFinite(loss)) {
            throw new TrainingException("retraining, epoch " + (epoch + 1)
                    + ": the loss is no longer a number; lower retrain.learning-rate.initial");
        }
        return loss;
    }

    private void takeSteps(RetrainedNetwork network, long first, long end, BooleanSupplier stop) {
        try (BatchQueue<Batch> queue = new BatchQueue<>(step -> batch(network, step), first, end, BATCHES_AHEAD)) {
            for (long step = first; step < end; step++) {
                requireGoing(stop);
                int stepsPerEpoch = training.batchesPerEpoch();
                network.train(
                        queue.next(),
                        step,
                        (float) schedule.rate(step, stepsPerEpoch),
                        schedule.progress(step, stepsPerEpoch));
            }
        }
    }

    /** The batch of a step, with its pixels made unless the network makes them. */
    private Batch batch(RetrainedNetwork network, long step) {
        Batch batch = schedule.batch(training, step);
        if (!batch.views().map(views -> network.keeps(views.set())).orElse(false)) {
            batch.images();
        }
        return batch;
    }

    /**
     * The accuracy of a network, by its running statistics.
     *
     * @param stop asked before each batch whether to stop there
     * @throws CancellationException if it was stopped
     */
    public static double accuracy(RetrainedNetwork network, ScoringBatches batches, BooleanSupplier stop) {
        Evaluation total = Evaluation.NONE;
        for (int index = 0; index < batches.count(); index++) {
            requireGoing(stop);
            total = total.plus(network.evaluate(batches.batch(index)));
        }
        return total.accuracy();
    }

    private static void requireGoing(BooleanSupplier stop) {
        if (stop.getAsBoolean()) {
            throw new CancellationException("the retraining was stopped");
        }
    }
}
