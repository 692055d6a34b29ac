package io.efsnas.retraining;

import io.efsnas.network.AuxiliaryHead;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * What a final network is made from.
 *
 * @param size the size of the network at full width
 * @param optimizer the optimizer, whose weight decay applies to convolutions and the classifier; batch norms and
 *     biases do not decay
 * @param regularisation what keeps the network from learning its training images by heart
 * @param averageDecay how much of the moving average of the weights a step leaves, 0 to below 1; 0 for no average
 * @param batch the largest number of images in a batch
 * @param seed the seed of the initial weights and of dropout
 */
public record RetrainedNetworkSpec(
        SearchSpace space,
        Architecture architecture,
        ModelSize size,
        Optimizer optimizer,
        Regularisation regularisation,
        double averageDecay,
        int batch,
        long seed)
        implements Serializable {

    /**
     * What a training step does beside fitting the labels, and a network that does not train leaves away.
     *
     * @param labelSmoothing the probability that is spread evenly over all classes, 0 to below 1
     * @param dropout the probability that an input of the classifier is left out of a training step, 0 to below 1
     * @param dropPath the probability, at the end of all epochs, that a path is left out of a training step for an image, 0
     *     to below 1
     * @param auxiliaryWeight what the loss of the auxiliary head is multiplied by before it is added to that of the
     *     classifier; 0 for no head
     */
    public record Regularisation(double labelSmoothing, double dropout, double dropPath, double auxiliaryWeight)
            implements Serializable {

        /** None of it, as of networks that do not train. */
        public static final Regularisation NONE = new Regularisation(0, 0, 0, 0);

        /** Label smoothing alone. */
        public static Regularisation smoothing(double labels) {
            return new Regularisation(labels, 0, 0, 0);
        }
    }

    /** The layers, from the same description as those of a subnet. */
    public Network network() {
        return space.network(architecture, size);
    }

    /**
     * The auxiliary head and the network that it is on, which trains in place of {@link #network}; empty if there is none.
     *
     * @throws IllegalArgumentException if the network can have none
     */
    public Optional<AuxiliaryHead> head() {
        return regularisation.auxiliaryWeight() > 0 ? Optional.of(AuxiliaryHead.on(network())) : Optional.empty();
    }

    /** The layers that train. */
    public Network trainingNetwork() {
        return head().map(AuxiliaryHead::network).orElseGet(this::network);
    }

    /** The nodes of both networks that drop path leaves out. */
    public List<Integer> droppedPaths() {
        return regularisation.dropPath() > 0 ? network().paths() : List.of();
    }

    /** Whether a moving average of the weights is kept, with which the network computes when it does not train. */
    public boolean averages() {
        return averageDecay > 0;
    }

    /**
     * How much of the moving average a step leaves. In the first steps that is less than {@code averageDecay}, so that the
     * initial weights are soon forgotten: {@code min(decay, (1 + step) / (10 + step))}, as TensorFlow's {@code
     * ExponentialMovingAverage} has it.
     *
     * @param step counted over all epochs, from 0
     */
    public float averageDecay(long step) {
        return (float) Math.min(averageDecay, (1.0 + step) / (10.0 + step));
    }

    /** The tensors of its state, those of the head included. */
    public NetworkTensors tensors() {
        NetworkTensors tensors = NetworkTensors.of(trainingNetwork());
        return averages() ? tensors.withAverages() : tensors;
    }

    /**
     * What inputs of the classifier are multiplied by in a step: 0, or what keeps their mean. They are drawn on the host, so
     * that a step leaves out the same on any device, whichever steps ran before.
     *
     * @param count the number of inputs of all images
     */
    public float[] dropoutFactors(long step, int count) {
        float[] factors = new float[count];
        drop(KeyedRandom.of(seed, Purpose.DROPOUT, step), regularisation.dropout(), factors, count);
        return factors;
    }

    /**
     * What the paths of the images are multiplied by in a step, drawn as {@link #dropoutFactors}. The probability to leave
     * one out rises linearly, as in DARTS's code: it is that of {@code dropPath} times the share of the epochs that are done.
     *
     * @param progress the epochs that are done, of all, 0 to below 1
     * @param factors takes a factor for each path and image, {@code [path][image]}
     * @param count how many these are
     * @return whether one may be left out at all; if not the factors stay as they are
     */
    public boolean dropPaths(long step, double progress, float[] factors, int count) {
        double probability = regularisation.dropPath() * progress;
        if (probability > 0) {
            drop(KeyedRandom.of(seed, Purpose.DROP_PATH, step), probability, factors, count);
        }
        return probability > 0;
    }

    private static void drop(SplittableRandom random, double probability, float[] factors, int count) {
        float kept = (float) (1 / (1 - probability));
        for (int i = 0; i < count; i++) {
            factors[i] = random.nextDouble() < probability ? 0 : kept;
        }
    }
}
