package io.efsnas.retraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.supernet.SupernetState.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
            0.1,
            0,
            8,
            3);

    private static RetrainedNetwork network(String engine) {
        return RetrainingEngine.named(engine).create(SPEC, Resources.cpu(1));
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
