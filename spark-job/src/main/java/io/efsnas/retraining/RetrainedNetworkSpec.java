package io.efsnas.retraining;

import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import java.io.Serializable;

/**
 * What a final network is made from.
 *
 * @param size the size of the network at full width
 * @param optimizer the optimizer, whose weight decay applies to convolutions and the classifier; batch norms and
 *     biases do not decay
 * @param labelSmoothing the probability that is spread evenly over all classes, 0 to below 1
 * @param dropout the probability that an input of the classifier is left out of a training step, 0 to below 1
 * @param seed the seed of the initial weights and of dropout
 */
public record RetrainedNetworkSpec(
        SearchSpace space,
        Architecture architecture,
        ModelSize size,
        Optimizer optimizer,
        double labelSmoothing,
        double dropout,
        long seed)
        implements Serializable {

    /** The layers, from the same description as those of a subnet. */
    public Network network() {
        return space.network(architecture, size);
    }
}
