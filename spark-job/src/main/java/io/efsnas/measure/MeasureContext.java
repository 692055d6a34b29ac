package io.efsnas.measure;

import io.efsnas.data.Batch;
import io.efsnas.data.ScoringBatches;
import io.efsnas.data.TrainingBatches;
import io.efsnas.network.ModelSize;
import io.efsnas.space.SearchSpace;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetState;
import io.efsnas.training.LearningRatePlan;
import java.util.List;
import java.util.function.IntFunction;

/**
 * What measures compute with.
 *
 * @param size the size of the final network
 * @param machine what final networks run on; null where no measure needs it
 * @param fresh the untrained supernet of that size, and what it is given; null where no measure needs it
 * @param trainable what measures may train; null where no measure needs it
 * @param trained the supernet that serves the architecture; null where no measure needs it
 */
public record MeasureContext(
        SearchSpace space, ModelSize size, Machine machine, Fresh fresh, Trainable trainable, Trained trained) {

    /** What measures compute with that need the architecture alone. */
    public static MeasureContext ofArchitectures(SearchSpace space, ModelSize size) {
        return new MeasureContext(space, size, null, null, null, null);
    }

    /** The same with what final networks run on. */
    public MeasureContext with(Machine own) {
        return new MeasureContext(space, size, own, fresh, trainable, trained);
    }

    /** The same with an untrained supernet. */
    public MeasureContext with(Fresh untrained) {
        return new MeasureContext(space, size, machine, untrained, trainable, trained);
    }

    /** The same with what measures may train. */
    public MeasureContext with(Trainable network) {
        return new MeasureContext(space, size, machine, fresh, network, trained);
    }

    /** The same with a trained supernet. */
    public MeasureContext with(Trained served) {
        return new MeasureContext(space, size, machine, fresh, trainable, served);
    }

    /**
     * What final networks run on.
     *
     * @param engine the name of the engine that measures
     * @param resources those of the task
     */
    public record Machine(String engine, Resources resources) {}

    /**
     * A supernet at the end of its training.
     *
     * @param supernet the supernet that serves the measured architectures
     * @param weights those of the supernet
     * @param images the images that score, none of which it was trained on
     * @param training as many batches of augmented training images as measures look at, the same for all supernets
     */
    public record Trained(Supernet supernet, SupernetState weights, ScoringBatches images, List<Batch> training) {

        public Trained {
            training = List.copyOf(training);
        }
    }

    /**
     * A supernet that measures may train, as {@code training} in the configuration has it. It is in the state in which
     * the measurement before has left it.
     *
     * @param supernet of the size of those of the search
     * @param initial the state of one that has not been trained
     * @param batches that train
     * @param images that score, of which none trains
     * @param rates the learning rate of each step
     * @param stillWanted asked before each step; throws if nobody waits for the result any more
     */
    public record Trainable(
            Supernet supernet,
            SupernetState initial,
            TrainingBatches batches,
            ScoringBatches images,
            LearningRatePlan rates,
            Runnable stillWanted) {}

    /**
     * An untrained supernet, and what it is given.
     *
     * @param supernet a supernet whose weights are drawn from a normal distribution of variance 2 / fan-in (He, Zhang,
     *     Ren, Sun, ICCV 2015)
     * @param weights those of the supernet
     * @param others further weights of the same distribution, by a number from 1
     * @param noise a batch of independent values from N(0, 1), with random labels
     * @param images as many batches of different images, as they would train, as measures look at
     */
    public record Fresh(
            Supernet supernet,
            SupernetState weights,
            IntFunction<SupernetState> others,
            Batch noise,
            List<Batch> images) {

        public Fresh {
            images = List.copyOf(images);
        }
    }
}
