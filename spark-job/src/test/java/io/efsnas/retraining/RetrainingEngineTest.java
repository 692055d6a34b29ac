package io.efsnas.retraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.checkpoint.Safetensors;
import io.efsnas.data.Batch;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.retraining.RetrainedNetworkSpec.Regularisation;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.supernet.SupernetState.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What a final network takes over and gives away; what it computes is held to DL4J's in the driver's tests. */
class RetrainingEngineTest {

    private static final String[] ENGINES = {"libtorch", "vector"};
    private static final NasBench201Space SPACE = new NasBench201Space();
    private static final RetrainedNetworkSpec SPEC = new RetrainedNetworkSpec(
            SPACE,
            SPACE.parse("|nor_conv_1x1~0|+|skip_connect~0|avg_pool_3x3~1|+|nor_conv_3x3~0|none~1|nor_conv_1x1~2|"),
            new ModelSize(4, 1, new Shape(3, 8, 8), 10),
            new Optimizer(0.9f, 5e-4f, 0),
            Regularisation.smoothing(0.1),
            0,
            8,
            3);
    private static final double DECAY = 0.6;
    private static final RetrainedNetworkSpec AVERAGED = new RetrainedNetworkSpec(
            SPACE, SPEC.architecture(), SPEC.size(), SPEC.optimizer(), SPEC.regularisation(), DECAY, 8, 3);
    private static final float LEARNING_RATE = 0.1f;

    private static RetrainedNetwork network(String engine) {
        return network(engine, SPEC);
    }

    private static RetrainedNetwork network(String engine, RetrainedNetworkSpec spec) {
        return RetrainingEngine.named(engine).create(spec, Resources.cpu(1));
    }

    private static Batch batch(long step) {
        SplittableRandom random = new SplittableRandom(step);
        Shape image = SPEC.size().image();
        float[] pixels = new float[8 * image.size()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        return new Batch(pixels, random.ints(8, 0, 10).toArray(), image);
    }

    /** The averages by their definition in double precision, from the states of a network that keeps none. */
    @ParameterizedTest
    @FieldSource("ENGINES")
    void keepsTheMovingAverageOfAllThatItLearns(String engine) {
        try (RetrainedNetwork averaging = network(engine, AVERAGED);
                RetrainedNetwork plain = network(engine)) {
            Map<String, double[]> expected = new HashMap<>();
            learnedOf(plain).forEach((name, tensor) -> expected.put(name, doubles(tensor)));
            for (int step = 0; step < 12; step++) {
                averaging.train(batch(step), step, LEARNING_RATE, 0);
                plain.train(batch(step), step, LEARNING_RATE, 0);
                double decay = Math.min(DECAY, (1.0 + step) / (10 + step));
                learnedOf(plain).forEach((name, tensor) -> {
                    double[] average = expected.get(name);
                    for (int i = 0; i < average.length; i++) {
                        average[i] = decay * average[i] + (1 - decay) * tensor.values()[i];
                    }
                });
            }

            Map<String, Tensor> state = averaging.state();
            assertThat(state).hasSize(plain.state().size() + expected.size());
            plain.state()
                    .forEach((name, tensor) ->
                            assertThat(state.get(name).values()).as(name).isEqualTo(tensor.values()));
            expected.forEach((name, average) ->
                    assertThat(doubles(state.get("average." + name))).as(name).containsExactly(average, within(2e-6)));
        }
    }

    @ParameterizedTest
    @FieldSource("ENGINES")
    void isJudgedAndWrittenByItsAverages(String engine) throws IOException {
        try (RetrainedNetwork averaging = network(engine, AVERAGED);
                RetrainedNetwork plain = network(engine)) {
            for (int step = 0; step < 5; step++) {
                averaging.train(batch(step), step, LEARNING_RATE, 0);
            }
            ByteArrayOutputStream model = new ByteArrayOutputStream();
            RetrainingStates.writeModel(averaging.state(), Map.of(), model);
            Map<String, Tensor> averages = Safetensors.read(model.toByteArray()).tensors();
            float[] own = averaging.logits(batch(9), true);

            Map<String, Tensor> exchanged = new HashMap<>(plain.state());
            assertThat(averages.keySet()).isEqualTo(learnedOf(plain).keySet());
            exchanged.putAll(averages);
            plain.restore(exchanged);

            assertThat(averaging.logits(batch(7), false)).isEqualTo(plain.logits(batch(7), false));
            assertThat(averaging.evaluate(batch(7))).isEqualTo(plain.evaluate(batch(7)));
            assertThat(plain.logits(batch(9), true)).isNotEqualTo(own);
        }
    }

    @ParameterizedTest
    @FieldSource("ENGINES")
    void averagesGoOnFromAStateWithTheSameBits(String engine) {
        try (RetrainedNetwork whole = network(engine, AVERAGED);
                RetrainedNetwork resumed = network(engine, AVERAGED)) {
            for (int step = 0; step < 8; step++) {
                if (step == 4) {
                    whole.evaluate(batch(99));
                    resumed.restore(whole.state());
                }
                whole.train(batch(step), step, LEARNING_RATE, 0);
                if (step >= 4) {
                    resumed.train(batch(step), step, LEARNING_RATE, 0);
                }
            }

            Map<String, Tensor> state = resumed.state();
            whole.state()
                    .forEach((name, tensor) ->
                            assertThat(state.get(name).values()).as(name).isEqualTo(tensor.values()));
        }
    }

    private static Map<String, Tensor> learnedOf(RetrainedNetwork network) {
        Map<String, Tensor> state = new HashMap<>(network.state());
        state.keySet().removeIf(name -> name.startsWith("momentum."));
        return state;
    }

    private static double[] doubles(Tensor tensor) {
        return IntStream.range(0, tensor.values().length)
                .mapToDouble(i -> tensor.values()[i])
                .toArray();
    }

    @ParameterizedTest
    @FieldSource("ENGINES")
    void beginsWithTheWeightsOfItsSeed(String engine) {
        try (RetrainedNetwork network = network(engine)) {
            Map<String, Tensor> expected = NetworkTensors.of(SPEC.network()).initial(SPEC.seed());
            Map<String, Tensor> actual = network.state();

            assertThat(actual.keySet()).isEqualTo(expected.keySet());
            assertThat(actual).allSatisfy((name, tensor) -> {
                assertThat(tensor.shape()).as(name).isEqualTo(expected.get(name).shape());
                assertThat(tensor.values())
                        .as(name)
                        .isEqualTo(expected.get(name).values());
            });
        }
    }

    @ParameterizedTest
    @FieldSource("ENGINES")
    void refusesAStateWithoutAllOfItsTensors(String engine) {
        try (RetrainedNetwork network = network(engine)) {
            Map<String, Tensor> incomplete = new HashMap<>(network.state());
            incomplete.remove("stem.norm.running_mean");

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> network.restore(incomplete))
                    .withMessage("tensor 'stem.norm.running_mean' should have the shape [4], but is missing");
        }
    }

    @ParameterizedTest
    @FieldSource("ENGINES")
    void refusesAStateOfAnotherShape(String engine) {
        try (RetrainedNetwork network = network(engine)) {
            Map<String, Tensor> other = new HashMap<>(network.state());
            other.put("classifier.bias", new Tensor(List.of(2), new float[2]));

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> network.restore(other))
                    .withMessage("tensor 'classifier.bias' should have the shape [10], but has [2]");
        }
    }

    @ParameterizedTest
    @FieldSource("ENGINES")
    void refusesAStateOfAnotherNetwork(String engine) {
        try (RetrainedNetwork network = network(engine)) {
            Map<String, Tensor> larger = new HashMap<>(network.state());
            larger.put("attention.weight", new Tensor(List.of(1), new float[1]));

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> network.restore(larger))
                    .withMessage("this network has no tensor 'attention.weight'");
        }
    }

    @Test
    void namesTheEnginesThatThereAre() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetrainingEngine.named("nd4j"))
                .withMessage("no engine 'nd4j' trains final networks; on the class path: libtorch, vector");
    }
}
