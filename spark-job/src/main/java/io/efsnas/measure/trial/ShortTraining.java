package io.efsnas.measure.trial;

import io.efsnas.measure.Measure;
import io.efsnas.measure.MeasureContext;
import io.efsnas.measure.MeasureContext.Trainable;
import io.efsnas.measure.Needs;
import io.efsnas.provider.Settings;
import io.efsnas.scoring.SubnetScorer;
import io.efsnas.space.Architecture;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.PendingEvaluation;
import java.util.List;
import java.util.Map;

/**
 * How well an architecture does that is trained by itself for a few steps, from fresh weights: the accuracy and the negated
 * mean cross-entropy, in nats, on the validation images. There are no values where the loss is no longer a number.
 *
 * <p>A network is as large as the supernets of the configuration and is trained as they are, by its batches, optimizer and
 * augmentation. So a step costs what a step of a supernet costs, and the size can be chosen for all at once. All architectures
 * have the same initial weights, where they have the same ones, and see the same batches: what differs is the architecture.
 *
 * @param steps of the training, in which the learning rate changes as in the whole training of a supernet; at least 1
 */
public record ShortTraining(int steps) implements Measure {

    private static final long serialVersionUID = 1;
    private static final String STEPS = "steps";

    /** Steps that may be under way on a device. */
    private static final int STEPS_AHEAD = 32;

    /** With the defaults. */
    public ShortTraining() {
        this(390);
    }

    @Override
    public String name() {
        return "short-training";
    }

    @Override
    public Map<String, Object> defaults() {
        return Map.of(STEPS, steps);
    }

    @Override
    public Measure with(Map<String, Object> settings) {
        return new ShortTraining(new Settings(settings).whole(STEPS, 1, Integer.MAX_VALUE));
    }

    @Override
    public List<String> columns() {
        return List.of("trained-accuracy", "trained-loss");
    }

    @Override
    public Needs needs() {
        return Needs.TRAINABLE;
    }

    @Override
    public double[] of(Architecture architecture, MeasureContext context) {
        Trainable network = context.trainable();
        network.supernet().restore(network.initial());
        train(architecture, network);
        Evaluation trained = SubnetScorer.score(
                        network.supernet(), List.of(architecture), network.images(), network.stillWanted())
                .get(0)
                .evaluation();
        return Double.isFinite(trained.lossSum())
                ? new double[] {trained.accuracy(), -trained.loss()}
                : new double[] {Double.NaN, Double.NaN};
    }

    private void train(Architecture architecture, Trainable network) {
        for (int step = 0; step < steps; step++) {
            network.stillWanted().run();
            PendingEvaluation evaluation = network.supernet()
                    .train(network.batches().batch(step), List.of(architecture), (float)
                            network.rates().rate(step, steps));
            if (step % STEPS_AHEAD == 0) {
                evaluation.get();
            }
        }
    }
}
