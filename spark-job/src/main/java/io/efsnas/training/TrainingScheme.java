package io.efsnas.training;

import io.efsnas.split.Subspace;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetState.Tensor;
import java.util.Map;
import java.util.Set;

/**
 * What a step of a supernet's training does: which subnets it trains, and how. Implementations are found through {@link
 * TrainingSchemeProvider}. An instance takes the steps of one supernet in one round, in their order; what it has to
 * remember from one round to the next is its state, which checkpoints keep. A supernet that comes of a split starts
 * without one.
 */
public interface TrainingScheme {

    /**
     * How many subnets each step of a supernet trains.
     *
     * @param subspace what the supernet serves
     * @throws IllegalArgumentException saying why such a supernet cannot be trained in this way
     */
    int subnetsPerStep(Subspace subspace);

    /**
     * How many teachers each step of a supernet runs forward on its images, beside the subnets that it trains.
     *
     * @param subspace what the supernet serves
     */
    default double forwardPasses(Subspace subspace) {
        return 0;
    }

    /**
     * Which other supernets a step may learn from: {@link StepContext#relatives} has them, and each step runs each of them
     * forward once on its images. A supernet that none of them is there for is trained without. Needs a warm start, and one
     * worker for each supernet.
     */
    default Set<Relation> learnsFrom() {
        return Set.of();
    }

    /** Whether its steps are {@link io.efsnas.supernet.TrainingStep}s, which not all engines take. */
    default boolean givesLessons() {
        return false;
    }

    /**
     * Whether operations of its subnets may be left out of a step, as {@link StepContext#train} does it with path dropout.
     * False if a step needs the very subnets that it draws, as where they teach each other.
     */
    default boolean suitsPathDropout() {
        return !givesLessons();
    }

    /**
     * In how many views a step needs its images, each augmented by itself: {@link StepContext#views} has them.
     *
     * @param progress the share of the training before the step, see {@link StepContext#progress}
     */
    default int views(double progress) {
        return 1;
    }

    /** What it asks of images that no weight is trained on. */
    default HeldOutUse heldOut() {
        return HeldOutUse.NONE;
    }

    /**
     * Takes a step, which is one call of {@link Supernet#train} with {@link #subnetsPerStep} subnets, or of {@link
     * Supernet#trainFeatures} or {@link Supernet#trainClassifier}. The same supernet, context and state give the same step.
     *
     * @return loss and accuracy of the batch before the update
     */
    PendingEvaluation step(Supernet supernet, StepContext context);

    /**
     * Whether several workers can train one supernet, each with a scheme of its own: what the supernet has learned is
     * averaged, but what schemes remember is not. False if it may have a {@link #state}.
     */
    default boolean suitsWorkers() {
        return true;
    }

    /**
     * Whether supernets learn to classify only at the end of the whole training: what they answer before says nothing, so
     * that they cannot be split, nor chosen, by it.
     */
    default boolean classifiesAtTheEndAlone() {
        return false;
    }

    /**
     * Whether it may end the training of a supernet before its last step, as {@link #hasEnded} says then. Such a scheme
     * suits neither supernets that share parts nor a comparison at equal cost.
     */
    default boolean mayEndEarly() {
        return false;
    }

    /**
     * Whether the training of the supernet has ended: none of the steps that are left to it is taken then, in this round or
     * in a later one. It follows from the {@link #state} alone.
     */
    default boolean hasEnded() {
        return false;
    }

    /** What it has to remember, by names of its own; numbers have to be exact in 32 bits. */
    default Map<String, Tensor> state() {
        return Map.of();
    }

    /**
     * Takes over what an instance before it had to remember.
     *
     * @param state empty before the first step of a supernet
     */
    default void restore(Map<String, Tensor> state) {}
}
