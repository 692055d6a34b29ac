package io.efsnas.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.nasbench201.NasBench201Space;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeasuresTest {

    private static final SearchSpace SPACE = new NasBench201Space();
    private static final ModelSize SIZE = new ModelSize(16, 5, new Shape(3, 32, 32), 10);
    private static final MeasureContext CONTEXT = MeasureContext.ofArchitectures(SPACE, SIZE);

    @Test
    void givesColumnsInTheOrderAskedFor() {
        Architecture deadEnd = SPACE.parse("|nor_conv_3x3~0|+|none~0|none~1|+|nor_conv_1x1~0|none~1|none~2|");

        Measured measured = Measures.of(List.of("live-parameters", "nonlinearities", "parameters"))
                .measure(deadEnd, CONTEXT);

        // A 3x3 convolution more in each of the five cells of each stage, with its norm: 9 c² + 2c.
        double dead = 5 * (9 * (256 + 1024 + 4096) + 2 * (16 + 32 + 64));
        assertThat(measured.values().get(1)).isEqualTo(1.0);
        assertThat(measured.values().get(2) - measured.values().get(0)).isEqualTo(dead);
    }

    @Test
    void putsTogetherWhatWasMeasuredOfTheArchitectureAndOfItsNetwork() {
        Architecture deadEnd = SPACE.parse("|nor_conv_3x3~0|+|none~0|none~1|+|nor_conv_1x1~0|none~1|none~2|");
        Measures measures = Measures.of(List.of("trainability", "flops", "expressivity"));
        Measured network = new Measured(SPACE.live(deadEnd), List.of(7.0, 3.5));

        Measured measured = measures.of(measures.ofArchitectures().measure(deadEnd, CONTEXT), network);

        assertThat(measured.architecture()).isEqualTo(deadEnd);
        assertThat(measured.values())
                .containsExactly(7.0, (double) SPACE.cost(deadEnd, SIZE).flops(), 3.5);
    }

    @Test
    void namesTheMeasuresThereAre() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Measures.of(List.of("flops", "expressiveness")))
                .withMessageStartingWith(
                        "there is no measure 'expressiveness'; did you mean expressivity? Known: expressivity, flops,");
    }

    @Test
    void knowsWhatItsMeasuresNeed() {
        assertThat(Measures.of(List.of("flops")).need(Needs.FRESH)).isFalse();
        assertThat(Measures.of(List.of("flops", "trainability")).need(Needs.IMAGES, Needs.FRESH))
                .isTrue();
        assertThat(Measures.of(List.of("synflow", "naswot", "gradient-norm")).needImages())
                .isFalse();
        assertThat(Measures.of(List.of("naswot", "zico")).needImages()).isTrue();
        assertThat(Measures.of(List.of("trained-loss")).needImages()).isTrue();
        assertThat(Measures.of(List.of("flops", "zico")).ofNetworks().columns()).containsExactly("zico");
        assertThat(Measures.of(List.of("flops", "nonlinearities")).ofNetworks().columns())
                .isEmpty();
        assertThat(Measures.of(List.of("sigeo-loss", "sigeo-trained-loss")).needGradients())
                .isTrue();
        assertThat(Measures.of(List.of("sigeo-loss")).needGradients()).isFalse();
    }

    @Test
    void settingsDecideHowManyBatchesAreLookedAt() {
        Measures measures = Measures.of(List.of("zico", "jacobian-covariance"));

        assertThat(measures.imageBatches()).isEqualTo(2);
        assertThat(measures.with(Map.of("zico", Map.of("batches", 7))).imageBatches())
                .isEqualTo(7);
        assertThat(measures.with(Map.of("sigeo", Map.of("batches", 7))).imageBatches())
                .isEqualTo(2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> measures.with(Map.of("zico", Map.of("batches", 1))))
                .withMessage("batches: expected a whole number from 2 to 1000");
    }
}
