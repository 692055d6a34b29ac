package io.efsnas.driver.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.nasbench201.NasBench201Space;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class PredictorsTest {

    private static final SearchSpace SPACE = new NasBench201Space();
    private static final ModelSize SIZE = new ModelSize(16, 5, new Shape(3, 32, 32), 10);

    /** Two convolutions, of which only the smaller is on a path to the output. */
    private static final String HALF_DEAD = "|nor_conv_3x3~0|+|none~0|none~1|+|nor_conv_1x1~0|none~1|none~2|";

    private static final String SKIP = "|none~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|";
    private static final String UNCONNECTED = "|nor_conv_3x3~0|+|none~0|none~1|+|none~0|none~1|none~2|";

    @Test
    void areWhatIsKnownOfAnArchitecture() {
        Map<String, double[]> predictors = Predictors.of(
                List.of(
                        prediction(HALF_DEAD, 0.5, OptionalDouble.of(1.5)),
                        prediction(SKIP, 0.75, OptionalDouble.of(Double.NaN)),
                        prediction(UNCONNECTED, 0.25, OptionalDouble.of(2))),
                SPACE,
                SIZE,
                3);

        // A cell's convolution and norm in the three stages: 10 or 2 weights for each pair or number of channels.
        int convolutions3 = 5 * (9 * (256 + 1024 + 4096) + 2 * (16 + 32 + 64));
        int convolutions1 = 5 * (256 + 1024 + 4096 + 2 * (16 + 32 + 64));
        double parametersOfSkip = 73_306; // NAS-Bench-201's smallest network
        assertThat(predictors)
                .containsOnlyKeys(
                        "accuracy",
                        "loss",
                        "accuracy and live parameters",
                        "count",
                        "FLOPs",
                        "parameters",
                        "live parameters");
        assertThat(predictors.get("accuracy")).containsExactly(0.5, 0.75, 0.25);
        assertThat(predictors.get("loss")).containsExactly(-1.5, Double.NEGATIVE_INFINITY, -2);
        assertThat(predictors.get("accuracy and live parameters"))
                .containsExactly((2 + 3 * 3) / 12.0, (3 + 3 * 2) / 12.0, (1 + 3 * 1) / 12.0);
        assertThat(predictors.get("count")).containsExactly(1, 0, 0);
        assertThat(predictors.get("parameters"))
                .containsExactly(
                        parametersOfSkip + convolutions3 + convolutions1,
                        parametersOfSkip,
                        parametersOfSkip + convolutions3);
        assertThat(predictors.get("live parameters"))
                .containsExactly(parametersOfSkip + convolutions1, parametersOfSkip, 0);
        assertThat(predictors.get("FLOPs")).containsExactly(flops(HALF_DEAD), flops(SKIP), flops(UNCONNECTED));
    }

    private static double flops(String architecture) {
        return (double) SPACE.cost(SPACE.parse(architecture), SIZE).flops();
    }

    @Test
    void lossIsAPredictorOnlyWhereAllHaveOne() {
        assertThat(Predictors.of(
                        List.of(
                                prediction(SKIP, 0.5, OptionalDouble.of(1)),
                                prediction(HALF_DEAD, 0.5, OptionalDouble.empty())),
                        SPACE,
                        SIZE,
                        1))
                .doesNotContainKey("loss");
    }

    private static Prediction prediction(String architecture, double accuracy, OptionalDouble loss) {
        return new Prediction(SPACE.parse(architecture), OptionalInt.empty(), accuracy, loss, accuracy);
    }
}
