package io.efsnas.supernet;

import io.efsnas.network.Weight;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import java.util.SplittableRandom;

/** The values that a supernet's weights begin with, the same ones on every engine. */
public final class InitialWeights {

    private InitialWeights() {}

    /**
     * Draws every value uniformly from ±1/sqrt(fan-in), PyTorch's default for convolutions and linear layers, which the
     * method's published runs use.
     *
     * @param index of the weight among those of the supernet
     * @return values in row-major order of the weight's shape
     */
    public static float[] of(long seed, int index, Weight weight) {
        SplittableRandom random = KeyedRandom.of(seed, Purpose.INITIAL_WEIGHTS, index);
        double bound = 1 / Math.sqrt(weight.fanIn());
        float[] values = new float[weight.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-bound, bound);
        }
        return values;
    }
}
