package io.efsnas.training.contrast;

import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.FeatureLoss;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.supernet.SupernetState.Tensor;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * What tells views of an image from other images by their features: a projection head with its moving average, which makes
 * the keys, and a queue of former keys as negatives.
 */
public final class Contrast {

    private final ProjectionHead head;
    private final EmbeddingQueue queue;
    private final InfoNce loss;

    private Contrast(ProjectionHead head, EmbeddingQueue queue, double temperature) {
        this.head = head;
        this.queue = queue;
        this.loss = new InfoNce(temperature);
    }

    /**
     * How it is set.
     *
     * @param width the number of values of an embedding, at least 1
     * @param queue the number of negatives, at least 1
     * @param temperature what similarities are divided by, above 0
     */
    public record Setting(int width, int queue, double temperature) {

        /**
         * One with fresh weights and random negatives.
         *
         * @param features the number of features of an image
         */
        public Contrast drawn(int features, RandomGenerator random) {
            ProjectionHead head = ProjectionHead.drawn(features, width, random);
            return new Contrast(head, EmbeddingQueue.drawn(queue, width, random), temperature);
        }

        /** The one that has this state. */
        public Contrast restored(Map<String, Tensor> state) {
            return new Contrast(ProjectionHead.restored(state), EmbeddingQueue.restored(state), temperature);
        }
    }

    /** What it has to remember, in a fixed order. */
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new TreeMap<>();
        head.putInto(state);
        queue.putInto(state);
        return state;
    }

    /**
     * Moves the averaged weights of the head, and makes keys with them.
     *
     * @param decay how much of an averaged weight stays, 0 to 1
     * @param features {@code [image][feature]}
     * @return {@code [image][value]}
     */
    public float[] keys(float decay, float[] features) {
        head.moveAverages(decay);
        return head.embedAveraged(features);
    }

    /** The loss of features whose embeddings are queries for some keys; it adds to the gradients of the head. */
    public FeatureLoss against(float[] keys) {
        return (features, gradient) -> {
            float[] queries = head.embed(features);
            float[] ofQueries = new float[queries.length];
            Evaluation evaluation = loss.of(head.width(), queries, keys, queue, ofQueries);
            head.backward(features, queries, ofQueries, gradient);
            return evaluation;
        };
    }

    /** Updates the head by the gradients of all losses since the last update. */
    public void update(float learningRate, Optimizer optimizer) {
        head.update(learningRate, optimizer);
    }

    /** Adds the means of two keys of each image to the negatives. They are a little shorter than 1, as in Pi-NAS. */
    public void add(float[] keys, float[] others) {
        float[] means = new float[keys.length];
        for (int i = 0; i < means.length; i++) {
            means[i] = (keys[i] + others[i]) / 2;
        }
        queue.add(means);
    }
}
