package io.efsnas.supernet;

import io.efsnas.data.Batch;
import io.efsnas.data.format.ImageSet;
import io.efsnas.space.Architecture;
import java.util.List;

/**
 * The shared weights of one subspace, and the two things that a search does with them. Batch norms always use the
 * statistics of the batch, in training and in scoring, and have no weights.
 *
 * <p>An instance computes on the device that it was created for, for one thread at a time. The same seed, steps, number
 * of threads, kind of device and native library give the same weights bit for bit.
 */
public interface Supernet extends AutoCloseable {

    /**
     * One optimizer step: every subnet is run forward and backward on the batch, the gradients are combined, and the
     * weights that at least one of the subnets uses are updated. Weights that none uses do not change at all, nor does
     * their momentum.
     *
     * @param subnets at least one
     * @return loss and accuracy of the batch before the update, as means over the subnets
     */
    PendingEvaluation train(Batch batch, List<Architecture> subnets, Combination combination, float learningRate);

    /** The same with the mean of the gradients. */
    default PendingEvaluation train(Batch batch, List<Architecture> subnets, float learningRate) {
        return train(batch, subnets, Combination.MEAN, learningRate);
    }

    /**
     * Runs subnets forward on a batch; the weights do not change.
     *
     * @return one evaluation per subnet, in their order
     */
    List<Evaluation> score(Batch batch, List<Architecture> subnets);

    /**
     * Runs a subnet forward on a batch, and random gradients of ±1 back through each of its blocks by itself; the weights
     * do not change. All subnets get the same random gradients.
     *
     * @return the moments of each of {@link io.efsnas.network.Network#blocks}, in their order
     * @throws IllegalArgumentException if the engine cannot take networks apart
     */
    default List<BlockMoments> blocks(Batch batch, Architecture subnet) {
        throw new IllegalArgumentException(
                "this engine cannot take networks apart into blocks; expected vector, nd4j or libtorch");
    }

    /** A copy of all weights and of the optimizer's state. */
    SupernetState state();

    /**
     * Takes over weights and optimizer state.
     *
     * @throws IllegalArgumentException naming the first tensor that is missing, unknown or of another shape
     */
    void restore(SupernetState state);

    /**
     * Whether it copies the images of a set to its device once, and makes batches of them there. The pixels of such
     * batches need not be made ready.
     */
    boolean keeps(ImageSet images);

    /** Gives back the memory that only steps and scores need, for others to use until the next one. */
    void rest();

    /** Frees the memory of the device. */
    @Override
    void close();
}
