package io.efsnas.retraining;

import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import java.io.Serializable;
import java.util.SplittableRandom;

/**
 * What a final network is made from.
 *
 * @param size the size of the network at full width
 * @param optimizer the optimizer, whose weight decay applies to convolutions and the classifier; batch norms and
 *     biases do not decay
 * @param labelSmoothing the probability that is spread evenly over all classes, 0 to below 1
 * @param dropout the probability that an input of the classifier is left out of a training step, 0 to below 1
 * @param averageDecay how much of the moving average of the weights a step leaves, 0 to below 1; 0 for no average
 * @param batch the largest number of images in a batch
 * @param seed the seed of the initial weights and of dropout
 */
public record RetrainedNetworkSpec(
        SearchSpace space,
        Architecture architecture,
        ModelSize size,
        Optimizer optimizer,
        double labelSmoothing,
        double dropout,
        double averageDecay,
        int batch,
        long seed)
        implements Serializable {

    /** The layers, from the same description as those of a subnet. */
    public Network network() {
        return space.network(architecture, size);
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

    /** The tensors of its state. */
    public NetworkTensors tensors() {
        NetworkTensors tensors = NetworkTensors.of(network());
        return averages() ? tensors.withAverages() : tensors;
    }

    /**
     * What inputs of the classifier are multiplied by in a step: 0, or what keeps their mean. They are drawn on the host, so
     * that a step leaves out the same on any device, whichever steps ran before.
     *
     * @param count the number of inputs of all images
     */
    public float[] dropoutFactors(long step, int count) {
        SplittableRandom random = KeyedRandom.of(seed, Purpose.DROPOUT, step);
        float[] factors = new float[count];
        float kept = (float) (1 / (1 - dropout));
        for (int i = 0; i < count; i++) {
            factors[i] = random.nextDouble() < dropout ? 0 : kept;
        }
        return factors;
    }
}
