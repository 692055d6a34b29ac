package io.efsnas.split.gradient;

import io.efsnas.network.Weight;
import io.efsnas.supernet.LossGradients;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The gradients of the weights that subnets share although they differ at a position. A weight that a subnet does not use
 * has a gradient of 0.
 *
 * @param ofWeights without those that belong to the choices of the position
 * @param squares the sum of the squares of all values
 */
record SharedGradients(Map<Weight, float[]> ofWeights, double squares) {

    private static final float[] NONE = {};

    /**
     * @param own the weights that belong to the choices of the position
     */
    static SharedGradients of(LossGradients gradients, Set<Weight> own) {
        Map<Weight, float[]> shared = new LinkedHashMap<>(gradients.ofWeights());
        shared.keySet().removeAll(own);
        return new SharedGradients(shared, product(shared, shared));
    }

    /** 1 less the cosine of the angle between both: 0 for the same direction, 1 for orthogonal ones, 2 for opposite ones. */
    double distance(SharedGradients other) {
        double lengths = Math.sqrt(squares) * Math.sqrt(other.squares);
        return lengths == 0 ? 1 : 1 - product(ofWeights, other.ofWeights) / lengths;
    }

    private static double product(Map<Weight, float[]> a, Map<Weight, float[]> b) {
        double sum = 0;
        for (Map.Entry<Weight, float[]> entry : a.entrySet()) {
            float[] ours = entry.getValue();
            float[] theirs = b.getOrDefault(entry.getKey(), NONE);
            for (int i = 0; i < theirs.length; i++) {
                sum += (double) ours[i] * theirs[i];
            }
        }
        return sum;
    }
}
