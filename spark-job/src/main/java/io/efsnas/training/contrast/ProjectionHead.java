package io.efsnas.training.contrast;

import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.supernet.SupernetState.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Makes embeddings of features, which are vectors of length 1: {@code e = z / |z|} with {@code z = V max(W x + b, 0) + c},
 * where the layer between has as many values as there are features (Chen, Fan, Girshick, He, <i>Improved Baselines with
 * Momentum Contrastive Learning</i>, 2020).
 */
final class ProjectionHead {

    private static final String HIDDEN_WEIGHT = "head.hidden.weight";
    private static final String HIDDEN_BIAS = "head.hidden.bias";
    private static final String OUTPUT_WEIGHT = "head.output.weight";
    private static final String OUTPUT_BIAS = "head.output.bias";

    /** What a vector is divided by at the least, so that one of zeros stays one. */
    private static final double SMALLEST_NORM = 1e-12;

    private final int features;
    private final int width;
    private final Parameter hiddenWeight;
    private final Parameter hiddenBias;
    private final Parameter outputWeight;
    private final Parameter outputBias;
    private final List<Parameter> all;

    /** Of the batch that was embedded last, {@code [image][feature]}. */
    private float[] hidden = {};
    /** The norm of each of its vectors before they were divided by it. */
    private double[] norms = {};

    private ProjectionHead(Parameter hiddenWeight, Parameter hiddenBias, Parameter outputWeight, Parameter outputBias) {
        this.features = hiddenBias.values().length;
        this.width = outputBias.values().length;
        this.hiddenWeight = hiddenWeight;
        this.hiddenBias = hiddenBias;
        this.outputWeight = outputWeight;
        this.outputBias = outputBias;
        this.all = List.of(hiddenWeight, hiddenBias, outputWeight, outputBias);
    }

    /**
     * A head with fresh weights.
     *
     * @param features the number of features of an image
     * @param width the number of values of an embedding
     */
    static ProjectionHead drawn(int features, int width, RandomGenerator random) {
        return new ProjectionHead(
                Parameter.drawn(HIDDEN_WEIGHT, List.of(features, features), features, random),
                Parameter.drawn(HIDDEN_BIAS, List.of(features), features, random),
                Parameter.drawn(OUTPUT_WEIGHT, List.of(width, features), features, random),
                Parameter.drawn(OUTPUT_BIAS, List.of(width), features, random));
    }

    /** The head that put itself into a state. */
    static ProjectionHead restored(Map<String, Tensor> state) {
        return new ProjectionHead(
                Parameter.restored(HIDDEN_WEIGHT, state),
                Parameter.restored(HIDDEN_BIAS, state),
                Parameter.restored(OUTPUT_WEIGHT, state),
                Parameter.restored(OUTPUT_BIAS, state));
    }

    void putInto(Map<String, Tensor> state) {
        all.forEach(parameter -> parameter.putInto(state));
    }

    /** The number of values of an embedding. */
    int width() {
        return width;
    }

    /**
     * The embeddings of a batch.
     *
     * @param x {@code [image][feature]}
     * @return {@code [image][value]}
     */
    float[] embed(float[] x) {
        return embed(x, hiddenWeight.values(), hiddenBias.values(), outputWeight.values(), outputBias.values());
    }

    /** The same with the averaged weights. */
    float[] embedAveraged(float[] x) {
        return embed(x, hiddenWeight.average(), hiddenBias.average(), outputWeight.average(), outputBias.average());
    }

    private float[] embed(float[] x, float[] w, float[] b, float[] v, float[] c) {
        int images = x.length / features;
        if (hidden.length != x.length) {
            hidden = new float[x.length];
            norms = new double[images];
        }
        float[] embeddings = new float[images * width];
        for (int image = 0; image < images; image++) {
            int from = image * features;
            for (int unit = 0; unit < features; unit++) {
                hidden[from + unit] = Math.max(0, b[unit] + Vectors.product(w, unit * features, x, from, features));
            }
            double squares = 0;
            for (int value = 0; value < width; value++) {
                float z = c[value] + Vectors.product(v, value * features, hidden, from, features);
                embeddings[image * width + value] = z;
                squares += (double) z * z;
            }
            norms[image] = Math.max(Math.sqrt(squares), SMALLEST_NORM);
            for (int value = image * width; value < (image + 1) * width; value++) {
                embeddings[value] = (float) (embeddings[value] / norms[image]);
            }
        }
        return embeddings;
    }

    /**
     * Adds the gradients of the weights, and computes that of the features, for the batch of the last {@link #embed}.
     *
     * @param x its features
     * @param embeddings what was made of them
     * @param gradient of the embeddings
     * @param dx takes the gradient of the features
     */
    void backward(float[] x, float[] embeddings, float[] gradient, float[] dx) {
        float[] dz = new float[width];
        float[] dhidden = new float[features];
        for (int image = 0; image * features < x.length; image++) {
            int from = image * features;
            int first = image * width;
            float along = Vectors.product(embeddings, first, gradient, first, width);
            Arrays.fill(dhidden, 0);
            for (int value = 0; value < width; value++) {
                dz[value] = (float) ((gradient[first + value] - along * embeddings[first + value]) / norms[image]);
                outputBias.gradient()[value] += dz[value];
                Vectors.add(dz[value], hidden, from, outputWeight.gradient(), value * features, features);
                Vectors.add(dz[value], outputWeight.values(), value * features, dhidden, 0, features);
            }
            Arrays.fill(dx, from, from + features, 0);
            for (int unit = 0; unit < features; unit++) {
                if (hidden[from + unit] > 0) {
                    hiddenBias.gradient()[unit] += dhidden[unit];
                    Vectors.add(dhidden[unit], x, from, hiddenWeight.gradient(), unit * features, features);
                    Vectors.add(dhidden[unit], hiddenWeight.values(), unit * features, dx, from, features);
                }
            }
        }
    }

    /** Moves the averaged weights towards the weights, see {@link io.efsnas.supernet.Supernet#average}. */
    void moveAverages(float decay) {
        all.forEach(parameter -> parameter.moveAverage(decay));
    }

    /** Updates the weights by the gradients that were added, whose norm is clipped by itself. */
    void update(float learningRate, Optimizer optimizer) {
        float scale = optimizer.clipping(
                () -> all.stream().mapToDouble(Parameter::squaredNorm).sum());
        all.forEach(parameter -> parameter.update(scale, learningRate, optimizer));
    }
}
