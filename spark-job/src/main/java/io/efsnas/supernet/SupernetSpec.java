package io.efsnas.supernet;

import io.efsnas.data.Batch;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.network.Weight;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.SpaceWeights;
import java.io.Serializable;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * What a supernet is made from.
 *
 * @param space the space whose subnets it runs
 * @param size the size of its network: the reduced channels of few-shot supernets, not those of the final network
 * @param optimizer how weights are updated
 * @param batch the largest number of images in a batch
 * @param seed the seed of the initial weights
 */
public record SupernetSpec(SearchSpace space, ModelSize size, Optimizer optimizer, int batch, long seed)
        implements Serializable {

    /** The learned tensors, in a fixed order. */
    public List<Weight> weights() {
        return SpaceWeights.of(space, size).all();
    }

    /** The layers of a subnet. */
    public Network subnet(Architecture architecture) {
        return space.subnet(architecture, size);
    }

    /**
     * Checks that a batch is one for this supernet.
     *
     * @throws IllegalArgumentException if it has too many images, or images of another shape
     */
    public void requireFits(Batch images) {
        if (images.size() > batch || !images.shape().equals(size.image())) {
            throw new IllegalArgumentException("this supernet takes at most " + batch + " images of " + size.image()
                    + ", not " + images.size() + " of " + images.shape());
        }
    }

    /**
     * Stochastic gradient descent with Nesterov momentum, as the method's published settings have it.
     *
     * @param momentum 0 to below 1
     * @param weightDecay added to the gradient as this times the weight, for all weights, biases and batch norms included
     * @param gradientClip the largest Euclidean norm of a step's whole gradient; 0 for no limit
     */
    public record Optimizer(float momentum, float weightDecay, float gradientClip) implements Serializable {

        /** The same for weights that do not decay. */
        public Optimizer withoutDecay() {
            return new Optimizer(momentum, 0, gradientClip);
        }

        /** The same for gradients that have been clipped. */
        public Optimizer withoutClip() {
            return new Optimizer(momentum, weightDecay, 0);
        }

        /**
         * The factor that brings a gradient down to the largest norm allowed.
         *
         * @param squaredNorm gives the squared norm of the whole gradient; called only if there is a limit
         */
        public float clipping(DoubleSupplier squaredNorm) {
            return gradientClip > 0 ? (float) Math.min(1, gradientClip / Math.sqrt(squaredNorm.getAsDouble())) : 1;
        }
    }
}
