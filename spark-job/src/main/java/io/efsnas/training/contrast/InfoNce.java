package io.efsnas.training.contrast;

import io.efsnas.supernet.Evaluation;
import java.util.Arrays;

/**
 * How well each query is told from negatives by its key: the loss of an image is {@code -ln(exp(q k / T) / (exp(q k / T) +
 * sum over negatives n of exp(q n / T)))} with its query q, its key k and the temperature T (van den Oord, Li, Vinyals,
 * <i>Representation Learning with Contrastive Predictive Coding</i>, 2018).
 */
final class InfoNce {

    private final double temperature;
    /** Of an image, the products of its query with the negatives. */
    private float[] products = {};
    /** What the exponential function makes of them. */
    private double[] exponentials = {};

    /** @param temperature above 0 */
    InfoNce(double temperature) {
        this.temperature = temperature;
    }

    /**
     * The loss of a batch.
     *
     * @param width the number of values of an embedding
     * @param queries {@code [image][value]}
     * @param keys {@code [image][value]}
     * @param gradient takes the gradient of the mean loss with respect to the queries
     * @return the sum of the losses, and how many queries are nearest to their keys
     */
    Evaluation of(int width, float[] queries, float[] keys, EmbeddingQueue negatives, float[] gradient) {
        int images = queries.length / width;
        if (products.length != negatives.size()) {
            products = new float[negatives.size()];
            exponentials = new double[negatives.size()];
        }
        float[] ofQuery = new float[width];
        double scale = 1 / (temperature * images);
        double loss = 0;
        int correct = 0;
        for (int from = 0; from < queries.length; from += width) {
            float positive = Vectors.product(queries, from, keys, from, width);
            negatives.multiply(queries, from, products);
            float largest = positive;
            for (float product : products) {
                largest = Math.max(largest, product);
            }
            correct += positive == largest ? 1 : 0;
            double ofKey = exponential(positive, largest);
            double sum = ofKey;
            for (int i = 0; i < products.length; i++) {
                exponentials[i] = exponential(products[i], largest);
                sum += exponentials[i];
            }
            loss += (largest - positive) / temperature + StrictMath.log(sum);
            Arrays.fill(ofQuery, 0);
            for (int i = 0; i < products.length; i++) {
                Vectors.add((float) (scale * exponentials[i] / sum), negatives.at(i), ofQuery);
            }
            System.arraycopy(ofQuery, 0, gradient, from, width);
            Vectors.add((float) (scale * (ofKey / sum - 1)), keys, from, gradient, from, width);
        }
        return new Evaluation(images, correct, loss);
    }

    /** That of a similarity, which cannot overflow. */
    private double exponential(float product, float largest) {
        return StrictMath.exp((product - largest) / temperature);
    }
}
