package io.efsnas.training.contrast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.supernet.Evaluation;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InfoNceTest {

    private static final int WIDTH = 11;
    private static final int IMAGES = 3;
    private static final int NEGATIVES = 7;
    private static final double TEMPERATURE = 0.2;

    private final float[] queries = vectors(IMAGES, 1);
    private final float[] keys = vectors(IMAGES, 2);
    private final float[] negatives = vectors(NEGATIVES, 3);

    private static float[] vectors(int count, long seed) {
        Random random = new Random(seed);
        float[] all = new float[count * WIDTH];
        for (int i = 0; i < all.length; i++) {
            all[i] = (float) (0.3 * random.nextGaussian());
        }
        return all;
    }

    /** The mean loss, as the formula has it. */
    private double meanLoss(double[] of) {
        double sum = 0;
        for (int image = 0; image < IMAGES; image++) {
            double positive = Math.exp(product(of, image, keys, image) / TEMPERATURE);
            double all = positive;
            for (int negative = 0; negative < NEGATIVES; negative++) {
                all += Math.exp(product(of, image, negatives, negative) / TEMPERATURE);
            }
            sum -= Math.log(positive / all);
        }
        return sum / IMAGES;
    }

    private static double product(double[] a, int rowOfA, float[] b, int rowOfB) {
        double sum = 0;
        for (int i = 0; i < WIDTH; i++) {
            sum += a[rowOfA * WIDTH + i] * b[rowOfB * WIDTH + i];
        }
        return sum;
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }

    @Test
    void theLossIsThatOfTheFormula() {
        Evaluation evaluation = new InfoNce(TEMPERATURE)
                .of(WIDTH, queries, keys, EmbeddingQueue.of(WIDTH, negatives), new float[queries.length]);

        assertThat(evaluation.images()).isEqualTo(IMAGES);
        assertThat(evaluation.loss()).isCloseTo(meanLoss(doubles(queries)), within(1e-6));
    }

    @Test
    void theGradientIsThatOfFiniteDifferences() {
        float[] gradient = new float[queries.length];
        gradient[0] = 5; // what was there does not count
        new InfoNce(TEMPERATURE).of(WIDTH, queries, keys, EmbeddingQueue.of(WIDTH, negatives), gradient);

        for (int i = 0; i < queries.length; i++) {
            double[] changed = doubles(queries);
            changed[i] += 1e-5;
            double above = meanLoss(changed);
            changed[i] -= 2e-5;
            double below = meanLoss(changed);
            assertThat((double) gradient[i]).isCloseTo((above - below) / 2e-5, within(1e-6));
        }
    }

    /** The query is its key, and at a right angle to three negatives: ln(1 + 3 exp(-1 / T)). */
    @Test
    void anEasyImageHasAKnownLoss() {
        float[] one = {1, 0};
        float[] others = {0, 1, 0, -1, 0, 1};

        Evaluation evaluation = new InfoNce(0.5).of(2, one, one, EmbeddingQueue.of(2, others), new float[2]);

        assertThat(evaluation.lossSum()).isCloseTo(Math.log(1 + 3 * Math.exp(-2)), within(1e-12));
        assertThat(evaluation.correct()).isEqualTo(1);
    }

    @Test
    void aQueryThatIsNearerToANegativeIsNotCorrect() {
        float[] two = {1, 0, 0, 1};
        float[] others = {0.5f, 0.9f};
        float[] itsKeys = {0.6f, 0, 0, 0.8f};

        assertThat(new InfoNce(1)
                        .of(2, two, itsKeys, EmbeddingQueue.of(2, others), new float[4])
                        .correct())
                .isEqualTo(1);
    }

    /** Where exp(1 / T) alone is more than a double holds. */
    @Test
    void aLowTemperatureDoesNotOverflow() {
        float[] one = {1, 0};
        float[] others = {1, 0};

        float[] gradient = new float[2];
        Evaluation evaluation = new InfoNce(1e-4).of(2, one, one, EmbeddingQueue.of(2, others), gradient);

        assertThat(evaluation.lossSum()).isCloseTo(Math.log(2), within(1e-12));
        assertThat(gradient).containsExactly(0, 0);
    }
}
