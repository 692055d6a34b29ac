package io.efsnas.training;

import io.efsnas.checkpoint.Checkpoint;
import io.efsnas.checkpoint.CheckpointStore;
import io.efsnas.checkpoint.RoundProgress;
import io.efsnas.data.Batch;
import io.efsnas.data.BatchQueue;
import io.efsnas.data.Dataset;
import io.efsnas.data.TrainingBatches;
import io.efsnas.data.format.ImageSet;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.split.SupernetNode;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.Supernet;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;

/** Trains one supernet, a round at a time. */
public final class SupernetTrainer {

    private static final int BATCHES_AHEAD = 4;

    /** How many steps may be under way on a device before their losses are looked at. */
    private static final int EVALUATIONS_BEHIND = 32;

    private final TrainingPlan plan;
    private final TrainingScheme scheme;
    private final SupernetNode node;
    private final ImageSet images;
    private final TrainingBatches batches;
    private final HeldOutImages heldOut;
    private final CheckpointStore checkpoints;
    private final long checkpointSteps;
    private final Consumer<RoundProgress> stepped;

    /**
     * @param scheme what a step does, in the state that it has where the first round begins
     * @param checkpointSteps after how many steps each a checkpoint is written within a round; 0 for none
     * @param stepped called after each step with how far the round has come; its newest losses may still be missing
     */
    public SupernetTrainer(
            TrainingPlan plan,
            TrainingScheme scheme,
            SupernetNode node,
            Dataset dataset,
            CheckpointStore checkpoints,
            long checkpointSteps,
            Consumer<RoundProgress> stepped) {
        this.plan = plan;
        this.scheme = scheme;
        this.node = node;
        this.images = dataset.train();
        this.batches = new TrainingBatches(
                images, dataset.normalization(), plan.batch(), plan.augmentation(), plan.seed(), node.key());
        this.heldOut = new HeldOutImages(dataset, plan.batch());
        this.checkpoints = checkpoints;
        this.checkpointSteps = checkpointSteps;
        this.stepped = stepped;
    }

    /**
     * Takes the steps of a round that are left, and writes a checkpoint. Steps after the end of a training that its scheme
     * ends early are skipped: the checkpoint of the round's end has the supernet as it was then.
     *
     * @param network the supernet in the state that it has after {@code begun.step()} steps
     * @param relatives those that its scheme learns from
     * @param toStep the steps taken after the round
     * @param stop asked before each step, with the number of steps taken, whether to stop there
     * @throws CancellationException if it was stopped; a checkpoint has then what it has done
     * @throws TrainingException if the loss is no longer a number; the last checkpoint stays as it is
     */
    public RoundMetrics train(
            Supernet network, Relatives relatives, RoundProgress begun, long toStep, LongPredicate stop)
            throws IOException {
        RoundProgress round = take(network, relatives, begun, toStep, stop, Optional.of(checkpoints));
        return RoundMetrics.of(node, round, scheme);
    }

    /** The same for a supernet that learns from no other. */
    public RoundMetrics train(Supernet network, RoundProgress begun, long toStep, LongPredicate stop)
            throws IOException {
        return train(network, Relatives.NONE, begun, toStep, stop);
    }

    /**
     * Takes steps of a round that others take other steps of. No checkpoint is written: if it is stopped, the steps are lost.
     *
     * @param network the supernet in the state that it has when all of them begin
     * @param fromStep the first of the steps
     * @param toStep the step after the last one
     * @return what came of these steps alone
     * @throws CancellationException if it was stopped
     * @throws TrainingException if the loss is no longer a number
     */
    public RoundProgress trainShare(Supernet network, long fromStep, long toStep, LongPredicate stop)
            throws IOException {
        return take(network, Relatives.NONE, RoundProgress.from(fromStep), toStep, stop, Optional.empty());
    }

    /** @param kept where checkpoints are written, if they are */
    private RoundProgress take(
            Supernet network,
            Relatives relatives,
            RoundProgress begun,
            long toStep,
            LongPredicate stop,
            Optional<CheckpointStore> kept)
            throws IOException {
        RoundProgress round = begun;
        Deque<PendingEvaluation> pending = new ArrayDeque<>();
        try (BatchQueue<List<Batch>> queue =
                new BatchQueue<>(step -> views(network, step), begun.step(), toStep, BATCHES_AHEAD)) {
            while (round.step() < toStep && !scheme.hasEnded()) {
                if (stop.test(round.step())) {
                    if (kept.isPresent() && round.step() > begun.step()) {
                        save(network, evaluated(round, pending, 0), toStep);
                    }
                    throw new CancellationException(node.describe() + " was stopped at step " + round.step());
                }
                round = step(network, relatives, queue, round, pending);
                boolean due = checkpointSteps > 0 && (round.step() - round.fromStep()) % checkpointSteps == 0;
                boolean save = due || round.step() == toStep;
                round = evaluated(round, pending, save ? 0 : EVALUATIONS_BEHIND);
                stepped.accept(round);
                if (save && kept.isPresent()) {
                    round = save(network, round, toStep);
                }
            }
        }
        if (round.step() < toStep) {
            round = evaluated(round, pending, 0).skippedTo(toStep);
            stepped.accept(round);
            if (kept.isPresent()) {
                round = save(network, round, toStep);
            }
        }
        return round;
    }

    /** The images of a step in as many views as it needs, with their pixels made unless the supernet makes them. */
    private List<Batch> views(Supernet network, long step) {
        List<Batch> views = IntStream.range(0, scheme.views(plan.progress(node, step)))
                .mapToObj(number -> batches.view(step, number))
                .toList();
        if (!network.keeps(images)) {
            views.forEach(Batch::images);
        }
        return views;
    }

    private RoundProgress step(
            Supernet network,
            Relatives relatives,
            BatchQueue<List<Batch>> queue,
            RoundProgress round,
            Deque<PendingEvaluation> pending) {
        long step = round.step();
        long start = System.nanoTime();
        List<Batch> views = queue.next();
        long ready = System.nanoTime();
        pending.add(scheme.step(network, context(step, views, relatives)));
        return round.plusStep(secondsSince(ready), (ready - start) / 1e9);
    }

    private StepContext context(long step, List<Batch> views, Relatives relatives) {
        return new StepContext(
                node,
                step,
                plan,
                views,
                KeyedRandom.of(plan.seed(), Purpose.TRAINED_SUBNETS, node.key(), step),
                heldOut,
                relatives);
    }

    /**
     * Takes over the evaluations that are ready, and waits for others only as far as too many are behind: then for all,
     * so that the device is waited for seldom.
     */
    private RoundProgress evaluated(RoundProgress round, Deque<PendingEvaluation> pending, int behind) {
        long start = System.nanoTime();
        Evaluation sum = round.evaluation();
        int wanted = pending.size() > behind ? pending.size() : 0;
        while (!pending.isEmpty() && (wanted > 0 || pending.getFirst().ready())) {
            long step = round.step() - pending.size();
            Evaluation evaluation = pending.removeFirst().get();
            wanted--;
            if (!Double.isFinite(evaluation.lossSum())) {
                throw new TrainingException(node.describe() + ", step " + step
                        + ": the loss is no longer a number; lower training.learning-rate.initial"
                        + " or set training.gradient-clip");
            }
            sum = sum.plus(evaluation);
        }
        return round.evaluated(sum, secondsSince(start));
    }

    private RoundProgress save(Supernet network, RoundProgress round, long toStep) throws IOException {
        long start = System.nanoTime();
        Checkpoint checkpoint = new Checkpoint(network.state(), scheme.state(), round);
        if (round.step() == toStep) {
            checkpoints.save(checkpoint);
        } else {
            checkpoints.saveUnfinished(checkpoint);
        }
        return round.plusCheckpoint(secondsSince(start));
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
