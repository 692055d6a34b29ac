package io.efsnas.retraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.supernet.SupernetState.Tensor;
import java.util.Map;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.junit.jupiter.api.Test;

class NetworkTensorsTest {

    private static final NasBench201Space SPACE = new NasBench201Space();
    private static final Network NETWORK = SPACE.network(
            SPACE.parse("|nor_conv_3x3~0|+|skip_connect~0|avg_pool_3x3~1|+|nor_conv_1x1~0|none~1|nor_conv_3x3~2|"),
            new ModelSize(16, 1, new Shape(3, 32, 32), 10));

    private final NetworkTensors tensors = NetworkTensors.of(NETWORK);

    @Test
    void learnsAsManyParametersAsTheNetworkCosts() {
        assertThat(tensors.parameters()).isEqualTo(NETWORK.cost().parameters());
    }

    @Test
    void convolutionsAndTheClassifierDecayAlone() {
        assertThat(tensors.decaying()).extracting(Weight::name).contains("stem.conv.weight", "classifier.weight");
        assertThat(tensors.decaying())
                .allSatisfy(weight -> assertThat(weight.shape()).hasSizeGreaterThan(1));
        assertThat(tensors.constant())
                .extracting(Weight::name)
                .contains("stem.norm.weight", "stem.norm.bias", "classifier.bias");
        assertThat(tensors.constant())
                .allSatisfy(weight -> assertThat(weight.shape()).hasSize(1));
    }

    @Test
    void drawsWeightsOfTheVarianceOfTheirFanIn() {
        Map<String, Tensor> state = tensors.initial(7);

        assertThat(tensors.decaying()).allSatisfy(weight -> {
            SummaryStatistics drawn = new SummaryStatistics();
            for (float value : state.get(weight.name()).values()) {
                drawn.addValue(value);
            }
            double deviation = Math.sqrt(2.0 / weight.fanIn());
            double error = deviation / Math.sqrt(weight.size());
            assertThat(drawn.getMean()).as(weight.name()).isCloseTo(0, within(4 * error));
            assertThat(drawn.getStandardDeviation()).as(weight.name()).isCloseTo(deviation, within(4 * error));
            assertThat(drawn.getMax()).as("normal, not uniform").isGreaterThan(Math.sqrt(3) * deviation);
        });
    }

    @Test
    void batchNormsBeginAsTheIdentityAndMomentaAtZero() {
        Map<String, Tensor> state = tensors.initial(7);

        assertThat(state.get("stem.norm.weight").values()).containsOnly(1);
        assertThat(state.get("stem.norm.bias").values()).containsOnly(0);
        assertThat(state.get("stem.norm.running_mean").values()).containsOnly(0);
        assertThat(state.get("stem.norm.running_var").values()).containsOnly(1);
        assertThat(state.get("classifier.bias").values()).containsOnly(0);
        assertThat(state.get("momentum.stem.conv.weight").values()).containsOnly(0);
        assertThat(state).doesNotContainKey("momentum.stem.norm.running_mean");
    }

    @Test
    void everySeedHasWeightsOfItsOwn() {
        String name = "stem.conv.weight";

        assertThat(tensors.initial(7).get(name).values())
                .isEqualTo(tensors.initial(7).get(name).values())
                .isNotEqualTo(tensors.initial(8).get(name).values());
    }
}
