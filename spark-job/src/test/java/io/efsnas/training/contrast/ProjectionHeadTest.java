package io.efsnas.training.contrast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.supernet.SupernetState.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ProjectionHeadTest {

    private static final int IMAGES = 3;
    private static final int FEATURES = 10;
    private static final int WIDTH = 9;
    /** After one step the momentum is the gradient, and no weight has changed. */
    private static final Optimizer PLAIN = new Optimizer(0, 0, 0);

    private final ProjectionHead head = ProjectionHead.drawn(FEATURES, WIDTH, new SplittableRandom(3));
    private final float[] features = gaussian(IMAGES * FEATURES, 1);
    /** The loss is the sum of the products with these. */
    private final float[] factors = gaussian(IMAGES * WIDTH, 2);

    private static float[] gaussian(int length, long seed) {
        Random random = new Random(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static Map<String, Tensor> state(ProjectionHead head) {
        Map<String, Tensor> state = new TreeMap<>();
        head.putInto(state);
        return state;
    }

    private static Map<String, double[]> doubles(Map<String, Tensor> state) {
        Map<String, double[]> all = new LinkedHashMap<>();
        state.forEach((name, tensor) -> {
            double[] values = new double[tensor.values().length];
            for (int i = 0; i < values.length; i++) {
                values[i] = tensor.values()[i];
            }
            all.put(name, values);
        });
        return all;
    }

    /** In double precision, as the formula has it. */
    private static double[] embeddings(Map<String, double[]> weights, String prefix, double[] features) {
        double[] w = weights.get(prefix + "head.hidden.weight");
        double[] b = weights.get(prefix + "head.hidden.bias");
        double[] v = weights.get(prefix + "head.output.weight");
        double[] c = weights.get(prefix + "head.output.bias");
        double[] all = new double[IMAGES * WIDTH];
        for (int image = 0; image < IMAGES; image++) {
            double[] hidden = new double[FEATURES];
            for (int unit = 0; unit < FEATURES; unit++) {
                double sum = b[unit];
                for (int i = 0; i < FEATURES; i++) {
                    sum += w[unit * FEATURES + i] * features[image * FEATURES + i];
                }
                hidden[unit] = Math.max(0, sum);
            }
            double squares = 0;
            for (int value = 0; value < WIDTH; value++) {
                double sum = c[value];
                for (int i = 0; i < FEATURES; i++) {
                    sum += v[value * FEATURES + i] * hidden[i];
                }
                all[image * WIDTH + value] = sum;
                squares += sum * sum;
            }
            for (int value = 0; value < WIDTH; value++) {
                all[image * WIDTH + value] /= Math.sqrt(squares);
            }
        }
        return all;
    }

    private double loss(Map<String, double[]> weights, double[] of) {
        double[] embeddings = embeddings(weights, "", of);
        double sum = 0;
        for (int i = 0; i < embeddings.length; i++) {
            sum += embeddings[i] * factors[i];
        }
        return sum;
    }

    private static double[] doubles(float[] values) {
        return doubles(Map.of("", new Tensor(List.of(values.length), values))).get("");
    }

    private static void assertClose(float[] actual, double[] expected) {
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i]).isCloseTo(expected[i], within(1e-5));
        }
    }

    @Test
    void embeddingsAreThoseOfTheFormula() {
        assertClose(head.embed(features), embeddings(doubles(state(head)), "", doubles(features)));
    }

    @Test
    void gradientsAreThoseOfFiniteDifferences() {
        Map<String, double[]> weights = doubles(state(head));
        float[] ofFeatures = new float[features.length];
        head.backward(features, head.embed(features), factors, ofFeatures);
        head.update(0, PLAIN);
        Map<String, Tensor> after = state(head);

        for (String name :
                new String[] {"head.hidden.weight", "head.hidden.bias", "head.output.weight", "head.output.bias"}) {
            double[] values = weights.get(name);
            for (int i = 0; i < values.length; i++) {
                double value = values[i];
                values[i] = value + 1e-6;
                double above = loss(weights, doubles(features));
                values[i] = value - 1e-6;
                double below = loss(weights, doubles(features));
                values[i] = value;
                assertThat((double) after.get("momentum." + name).values()[i])
                        .as(name + " " + i)
                        .isCloseTo((above - below) / 2e-6, within(1e-4));
            }
        }
        double[] changed = doubles(features);
        for (int i = 0; i < changed.length; i++) {
            double value = changed[i];
            changed[i] = value + 1e-6;
            double above = loss(weights, changed);
            changed[i] = value - 1e-6;
            double below = loss(weights, changed);
            changed[i] = value;
            assertThat((double) ofFeatures[i]).isCloseTo((above - below) / 2e-6, within(1e-4));
        }
    }

    /** Two steps of the formula of {@link io.efsnas.supernet.graph.Kernels#update}, with a gradient that is clipped. */
    @Test
    void weightsAreUpdatedAsThoseOfSupernets() {
        Map<String, double[]> weights = doubles(state(head));
        double[] value = weights.get("head.output.bias");
        double[] momentum = new double[WIDTH];
        for (int step = 0; step < 2; step++) {
            ProjectionHead plain = ProjectionHead.restored(state(head));
            plain.backward(features, plain.embed(features), factors, new float[features.length]);
            plain.update(0, PLAIN);
            Map<String, double[]> gradients = doubles(state(plain));
            double squares = gradients.entrySet().stream()
                    .filter(entry -> entry.getKey().startsWith("momentum."))
                    .flatMapToDouble(entry -> Arrays.stream(entry.getValue()))
                    .map(one -> one * one)
                    .sum();
            double clip = 0.1 / Math.sqrt(squares);
            assertThat(clip).isLessThan(1);
            for (int i = 0; i < WIDTH; i++) {
                double g = clip * gradients.get("momentum.head.output.bias")[i] + 0.01 * value[i];
                momentum[i] = 0.9 * momentum[i] + g;
                value[i] -= 0.5 * (g + 0.9 * momentum[i]);
            }

            head.backward(features, head.embed(features), factors, new float[features.length]);
            head.update(0.5f, new Optimizer(0.9f, 0.01f, 0.1f));
        }

        assertClose(state(head).get("head.output.bias").values(), value);
        assertClose(state(head).get("momentum.head.output.bias").values(), momentum);
    }

    @Test
    void averagesAreTheWeightsUntilTheyMove() {
        assertThat(head.embedAveraged(features)).isEqualTo(head.embed(features));
        head.backward(features, head.embed(features), factors, new float[features.length]);
        float[] before = state(head).get("average.head.output.bias").values();
        head.update(1, PLAIN);
        assertThat(head.embedAveraged(features)).isNotEqualTo(head.embed(features));

        head.moveAverages(0.75f);

        Map<String, double[]> weights = doubles(state(head));
        double[] expected = doubles(before);
        for (int i = 0; i < WIDTH; i++) {
            expected[i] = 0.75 * expected[i] + 0.25 * weights.get("head.output.bias")[i];
        }
        assertClose(state(head).get("average.head.output.bias").values(), expected);
        assertClose(head.embedAveraged(features), embeddings(weights, "average.", doubles(features)));
    }
}
