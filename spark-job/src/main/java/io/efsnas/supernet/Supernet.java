package io.efsnas.supernet;

import io.efsnas.data.Batch;
import io.efsnas.data.format.ImageSet;
import io.efsnas.space.Architecture;
import java.util.List;

/**
 * The shared weights of one subspace, and the two things that a search does with them. Batch norms have no weights. They use
 * the statistics of the batch, in training and in scoring, unless others are given.
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
     * The same for subnets that do not learn from the labels alone.
     *
     * @return loss and accuracy by the labels, as means over the subnets, whatever they learn from
     * @throws IllegalArgumentException if the engine takes no lessons, or a teacher has other images or classes
     */
    default PendingEvaluation train(Batch batch, TrainingStep step) {
        throw new IllegalArgumentException(
                "this engine trains subnets on labels alone; expected vector, nd4j or libtorch");
    }

    /**
     * One optimizer step by losses of features: every subnet is run forward and backward on its own images, the gradients
     * are summed, and the weights that at least one of the subnets uses are updated, but for those of the classifier.
     *
     * @param lessons at least one, with as many images each
     * @return what the losses of the features give, as means over the subnets
     * @throws IllegalArgumentException if the engine trains by labels alone
     */
    default PendingEvaluation trainFeatures(List<FeatureLesson> lessons, float learningRate) {
        throw new IllegalArgumentException(
                "this engine trains subnets by labels alone; expected vector, nd4j or libtorch");
    }

    /**
     * The features of a subnet with the averaged weights of {@link #average}.
     *
     * @return {@code [image][feature]}, see {@link FeatureLoss}
     * @throws IllegalArgumentException if the engine keeps no averaged weights
     */
    default float[] averagedFeatures(Batch batch, Architecture subnet) {
        throw new IllegalArgumentException("this engine keeps no averaged weights; expected vector, nd4j or libtorch");
    }

    /**
     * One optimizer step of the classifier alone, on the labels and without weight decay. No other weight changes.
     *
     * @return loss and accuracy of the batch before the update
     * @throws IllegalArgumentException if the engine trains all weights of a subnet or none
     */
    default PendingEvaluation trainClassifier(Batch batch, Architecture subnet, float learningRate) {
        throw new IllegalArgumentException(
                "this engine trains all weights of a subnet; expected vector, nd4j or libtorch");
    }

    /**
     * How its weights are updated, for what is trained beside it.
     *
     * @throws IllegalArgumentException if nothing can be trained beside supernets of the engine
     */
    default SupernetSpec.Optimizer optimizer() {
        throw new IllegalArgumentException(
                "this engine trains subnets by labels alone; expected vector, nd4j or libtorch");
    }

    /**
     * Moves the averaged weights towards the weights: each becomes {@code decay} times itself plus {@code 1 - decay} times
     * the weight. Only those that at least one of the subnets uses move; the others do not change at all. Before the first
     * call the averaged weights are the weights.
     *
     * @param decay 0 to 1
     * @throws IllegalArgumentException if the engine keeps no averaged weights
     */
    default void average(List<Architecture> subnets, float decay) {
        throw new IllegalArgumentException("this engine keeps no averaged weights; expected vector, nd4j or libtorch");
    }

    /**
     * How likely a subnet takes each class to be on a batch; the weights do not change. It is what other subnets and
     * supernets can imitate.
     *
     * @return {@code [image][class]}
     * @throws IllegalArgumentException if the engine cannot tell
     */
    default float[] probabilities(Batch batch, Architecture subnet) {
        throw new IllegalArgumentException(
                "this engine cannot give class probabilities; expected vector, nd4j or libtorch");
    }

    /**
     * Runs subnets forward on a batch; the weights do not change.
     *
     * @return one evaluation per subnet, in their order
     */
    List<Evaluation> score(Batch batch, List<Architecture> subnets);

    /**
     * Takes the statistics of subnets' batch norms on a batch, which is normalised by them; the weights do not change.
     *
     * @return those of each subnet, in their order
     * @throws IllegalArgumentException if the engine cannot tell them
     */
    default List<NormStatistics> statistics(Batch batch, List<Architecture> subnets) {
        throw new IllegalArgumentException(
                "this engine cannot tell the statistics of batch norms; expected vector, nd4j or libtorch");
    }

    /**
     * Runs subnets forward on a batch by given statistics in place of those of the batch, so that what is computed of an
     * image does not depend on the others; the weights do not change.
     *
     * @param statistics those of each subnet, in their order
     * @return one evaluation per subnet, in their order
     * @throws IllegalArgumentException if the engine normalises by the statistics of each batch alone
     */
    default List<Evaluation> score(Batch batch, List<Architecture> subnets, List<NormStatistics> statistics) {
        throw new IllegalArgumentException(
                "this engine normalises by the statistics of each batch alone; expected vector, nd4j or libtorch");
    }

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

    /**
     * How far apart images are in what each block of a subnet gives, by their nearest neighbours in the batch; the weights
     * do not change.
     *
     * @param neighbours of each image, fewer than the batch has images
     * @return of each of {@link io.efsnas.network.Network#blocks}, in their order, {@code [image][neighbour]}: the Euclidean
     *     distances of the image's output from the nearest ones, ascending
     * @throws IllegalArgumentException if the engine cannot look into networks
     */
    default List<double[][]> neighbourDistances(Batch batch, Architecture subnet, int neighbours) {
        throw new IllegalArgumentException(
                "this engine cannot tell what blocks give; expected vector, nd4j or libtorch");
    }

    /**
     * The loss of a subnet on a batch, and its gradients; the weights do not change.
     *
     * @throws IllegalArgumentException if the engine cannot give gradients
     */
    default LossGradients lossGradients(Batch batch, Architecture subnet) {
        throw new IllegalArgumentException(
                "this engine cannot give gradients of weights; expected vector, nd4j or libtorch");
    }

    /**
     * The gradients of the batch's images: how the sum of all logits of all images changes with each pixel. Images are
     * coupled by the batch norms. The weights do not change.
     *
     * @return {@code [image][channel][row][column]}
     * @throws IllegalArgumentException if the engine cannot give gradients
     */
    default float[] imageGradients(Batch batch, Architecture subnet) {
        throw new IllegalArgumentException(
                "this engine cannot give gradients of images; expected vector, nd4j or libtorch");
    }

    /**
     * The inner products, in double precision, of each image's gradient with each other one's. An image's gradient is how
     * the sum of its logits changes with all weights but biases; the batch norms couple it with the other images. The
     * weights do not change.
     *
     * @return {@code [image][image]}
     * @throws IllegalArgumentException if the engine cannot give gradients
     */
    default double[][] tangentKernel(Batch batch, Architecture subnet) {
        throw new IllegalArgumentException(
                "this engine cannot give gradients of images one by one; expected vector," + " nd4j or libtorch");
    }

    /**
     * Which values of a subnet's ReLUs are above 0, on a batch; the weights do not change.
     *
     * @return of each ReLU, in the order of the network's layers
     * @throws IllegalArgumentException if the engine cannot look into networks
     */
    default List<Activity> activity(Batch batch, Architecture subnet) {
        throw new IllegalArgumentException(
                "this engine cannot tell which ReLUs are active; expected vector, nd4j or libtorch");
    }

    /** A copy of all weights, of their averages if there are some, and of the optimizer's state. */
    SupernetState state();

    /**
     * Takes over weights and optimizer state. Averages that the state does not have are the weights from then on, and
     * momenta that it does not have are zero.
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
