package io.efsnas.supernet;

import io.efsnas.network.Initialisation;
import io.efsnas.network.Weight;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.supernet.SupernetState.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** The values that a supernet's weights begin with, the same ones on every engine. */
public final class InitialWeights {

    private InitialWeights() {}

    /**
     * Draws every value.
     *
     * @param index the index of the weight among those of the supernet
     * @return values in row-major order of the weight's shape
     */
    public static float[] of(long seed, int index, Weight weight, Initialisation initialisation) {
        if (weight.fanIn() == 0) {
            return identity(weight);
        }
        SplittableRandom random = KeyedRandom.of(seed, Purpose.INITIAL_WEIGHTS, index);
        boolean normal = initialisation == Initialisation.NORMAL_FAN_OUT;
        return normal && weight.isKernel() ? normalFanOut(random, weight) : uniformFanIn(random, weight);
    }

    /** Of a batch norm. */
    private static float[] identity(Weight weight) {
        float[] values = new float[weight.size()];
        Arrays.fill(values, weight.isBias() ? 0 : 1);
        return values;
    }

    private static float[] normalFanOut(SplittableRandom random, Weight weight) {
        int taps = weight.shape().get(2) * weight.shape().get(3);
        double deviation = Math.sqrt(2.0 / (taps * weight.shape().get(0)));
        float[] values = new float[weight.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * KeyedRandom.normal(random));
        }
        return values;
    }

    private static float[] uniformFanIn(SplittableRandom random, Weight weight) {
        double bound = 1 / Math.sqrt(weight.fanIn());
        float[] values = new float[weight.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-bound, bound);
        }
        return values;
    }

    /**
     * Draws every value of each weight from a normal distribution with mean 0 and variance 2 / fan-in, which suits layers
     * behind a ReLU (He, Zhang, Ren, Sun, <i>Delving Deep into Rectifiers</i>, ICCV 2015).
     *
     * @return a state whose momenta are 0
     */
    public static SupernetState normal(long seed, List<Weight> weights) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (int index = 0; index < weights.size(); index++) {
            Weight weight = weights.get(index);
            SplittableRandom random = KeyedRandom.of(seed, Purpose.INITIAL_WEIGHTS, index, 1);
            double deviation = Math.sqrt(2.0 / weight.fanIn());
            float[] values = new float[weight.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (deviation * random.nextGaussian());
            }
            tensors.put(weight.name(), new Tensor(weight.shape(), values));
        }
        for (Weight weight : weights) {
            tensors.put(SupernetState.MOMENTUM + weight.name(), new Tensor(weight.shape(), new float[weight.size()]));
        }
        return new SupernetState(tensors);
    }
}
