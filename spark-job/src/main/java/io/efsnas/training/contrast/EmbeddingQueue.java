package io.efsnas.training.contrast;

import io.efsnas.random.KeyedRandom;
import io.efsnas.supernet.SupernetState.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The embeddings that were added last, of other images than those of a step. The oldest ones make room for new ones (He et
 * al., <i>Momentum Contrast for Unsupervised Visual Representation Learning</i>, CVPR 2020). At first it is full of random
 * vectors of length 1, as there.
 */
final class EmbeddingQueue {

    private static final String EMBEDDINGS = "queue.embeddings";
    private static final String NEXT = "queue.next";

    /** {@code [place][value]}. */
    private final float[][] places;
    /** The same as {@code [value][place]}: products with all of them take long loops over neighbours. */
    private final float[][] values;
    /** The place of the oldest one. */
    private int next;

    private EmbeddingQueue(int size, int width) {
        places = new float[size][width];
        values = new float[width][size];
    }

    /**
     * A queue of known embeddings.
     *
     * @param embeddings {@code [place][value]}, the oldest one first
     */
    static EmbeddingQueue of(int width, float[] embeddings) {
        EmbeddingQueue queue = new EmbeddingQueue(embeddings.length / width, width);
        queue.add(embeddings);
        return queue;
    }

    /**
     * A queue of random directions.
     *
     * @param size the number of embeddings
     * @param width the number of values of each
     */
    static EmbeddingQueue drawn(int size, int width, RandomGenerator random) {
        float[] embeddings = new float[size * width];
        double[] vector = new double[width];
        for (int place = 0; place < size; place++) {
            double squares = 0;
            for (int value = 0; value < width; value++) {
                vector[value] = KeyedRandom.normal(random);
                squares += vector[value] * vector[value];
            }
            for (int value = 0; value < width; value++) {
                embeddings[place * width + value] = (float) (vector[value] / Math.sqrt(squares));
            }
        }
        return of(width, embeddings);
    }

    /** The queue that put itself into a state. */
    static EmbeddingQueue restored(Map<String, Tensor> state) {
        Tensor tensor = state.get(EMBEDDINGS);
        EmbeddingQueue queue = of(tensor.shape().get(1), tensor.values());
        queue.next = (int) state.get(NEXT).values()[0];
        return queue;
    }

    void putInto(Map<String, Tensor> state) {
        state.put(EMBEDDINGS, new Tensor(List.of(size(), values.length), embeddings()));
        state.put(NEXT, new Tensor(List.of(), new float[] {next}));
    }

    /** How many embeddings there are. */
    int size() {
        return places.length;
    }

    /** A copy of the embeddings, {@code [place][value]}, in the order of their places and not of their age. */
    float[] embeddings() {
        int width = values.length;
        float[] all = new float[size() * width];
        for (int place = 0; place < size(); place++) {
            System.arraycopy(places[place], 0, all, place * width, width);
        }
        return all;
    }

    /** The embedding at a place. This is the array itself: it may not be changed. */
    float[] at(int place) {
        return places[place];
    }

    /**
     * The inner products of all embeddings with a vector.
     *
     * @param vectors those of several images
     * @param from where the vector begins
     * @param products takes one for each place
     */
    void multiply(float[] vectors, int from, float[] products) {
        Arrays.fill(products, 0);
        for (int value = 0; value < values.length; value++) {
            Vectors.add(vectors[from + value], values[value], products);
        }
    }

    /**
     * Puts embeddings in the place of the oldest ones; of more than it holds the last ones stay.
     *
     * @param added {@code [image][value]}
     */
    void add(float[] added) {
        int width = values.length;
        for (int from = 0; from < added.length; from += width) {
            for (int value = 0; value < width; value++) {
                places[next][value] = added[from + value];
                values[value][next] = added[from + value];
            }
            next = (next + 1) % size();
        }
    }
}
