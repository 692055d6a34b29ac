package io.efsnas.driver.ranking;

import io.efsnas.space.Architecture;
import java.io.Serializable;

/**
 * An architecture and how it did with the weights of its subspace's supernet.
 *
 * @param subspace index of the subspace, from 0
 * @param nonlinearities the count that put it into the subspace
 * @param accuracy share of the held-out images that it told right, 0 to 1
 * @param loss mean cross-entropy on the held-out images; not a number if the supernet diverged
 * @param flops multiply-adds of the final network for one image
 * @param parameters learned values of the final network
 * @param score what it is ranked by, the higher the better; comparable only with the scores of the same ranking
 */
public record ScoredSubnet(
        Architecture architecture,
        int subspace,
        int nonlinearities,
        double accuracy,
        double loss,
        long flops,
        long parameters,
        double score)
        implements Serializable {

    public ScoredSubnet {
        if (!(accuracy >= 0 && accuracy <= 1)) {
            throw new IllegalArgumentException("accuracy must be from 0 to 1, not " + accuracy);
        }
        atLeastZero("subspace", subspace);
        atLeastZero("nonlinearities", nonlinearities);
        atLeastZero("flops", flops);
        atLeastZero("parameters", parameters);
        if (Double.isNaN(score)) {
            throw new IllegalArgumentException("score must be a number, not NaN");
        }
    }

    /** A subnet that is ranked by its accuracy. */
    public ScoredSubnet(
            Architecture architecture,
            int subspace,
            int nonlinearities,
            double accuracy,
            double loss,
            long flops,
            long parameters) {
        this(architecture, subspace, nonlinearities, accuracy, loss, flops, parameters, accuracy);
    }

    /** This subnet, ranked by another score. */
    public ScoredSubnet withScore(double other) {
        return new ScoredSubnet(architecture, subspace, nonlinearities, accuracy, loss, flops, parameters, other);
    }

    private static void atLeastZero(String name, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " must be at least 0, not " + value);
        }
    }
}
