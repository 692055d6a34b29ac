package io.efsnas.driver.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.driver.ranking.RankedSubnet;
import io.efsnas.driver.rule.Columns;
import io.efsnas.driver.rule.MeasuredSubnet;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.nasbench201.NasBench201Space;
import java.util.List;
import java.util.Map;
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
                        prediction(HALF_DEAD, 0.5, 1.5),
                        prediction(SKIP, 0.75, Double.NaN),
                        prediction(UNCONNECTED, 0.25, 2)),
                SPACE,
                SIZE);

        // A cell's convolution and norm in the three stages: 10 or 2 weights for each pair or number of channels.
        int convolutions3 = 5 * (9 * (256 + 1024 + 4096) + 2 * (16 + 32 + 64));
        int convolutions1 = 5 * (256 + 1024 + 4096 + 2 * (16 + 32 + 64));
        double parametersOfSkip = 73_306; // NAS-Bench-201's smallest network
        assertThat(predictors)
                .containsOnlyKeys(
                        "score",
                        "accuracy",
                        "loss",
                        "flops",
                        "parameters",
                        "live-flops",
                        "live-parameters",
                        "nonlinearities");
        assertThat(predictors.get("score")).containsExactly(1, 1.5, 0.5);
        assertThat(predictors.get("accuracy")).containsExactly(0.5, 0.75, 0.25);
        assertThat(predictors.get("loss")).containsExactly(-1.5, Double.NEGATIVE_INFINITY, -2);
        assertThat(predictors.get("nonlinearities")).containsExactly(1, 0, 0);
        assertThat(predictors.get("parameters"))
                .containsExactly(
                        parametersOfSkip + convolutions3 + convolutions1,
                        parametersOfSkip,
                        parametersOfSkip + convolutions3);
        assertThat(predictors.get("live-parameters"))
                .containsExactly(parametersOfSkip + convolutions1, parametersOfSkip, 0);
        assertThat(predictors.get("flops")).containsExactly(flops(HALF_DEAD), flops(SKIP), flops(UNCONNECTED));
    }

    private static double flops(String architecture) {
        return (double) SPACE.cost(SPACE.parse(architecture), SIZE).flops();
    }

    /** And what the table has already is not measured anew. */
    @Test
    void rulesThatTheTableHasTheColumnsForAreAmongThem() {
        List<String> columns = List.of(
                "accuracy",
                "live-flops",
                "expressivity",
                "progressivity",
                "trainability",
                "jacobian-covariance",
                "synflow");
        List<RankedSubnet> subnets = List.of(
                new RankedSubnet(
                        new MeasuredSubnet(SPACE.parse(SKIP), "0", columns, List.of(0.5, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)),
                        1),
                new RankedSubnet(
                        new MeasuredSubnet(
                                SPACE.parse(HALF_DEAD), "0", columns, List.of(0.25, 2.0, 1.0, 1.0, 1.0, 1.0, 1.0)),
                        2));

        Map<String, double[]> predictors = Predictors.of(subnets, SPACE, SIZE);

        assertThat(predictors).containsKeys("rule fusion", "rule training-free").doesNotContainKey("rule accuracy");
        assertThat(predictors.get("live-flops")).containsExactly(1, 2);
        assertThat(predictors.get("rule training-free")[1])
                .isGreaterThan(predictors.get("rule training-free")[0]);
    }

    private static RankedSubnet prediction(String architecture, double accuracy, double loss) {
        return new RankedSubnet(
                new MeasuredSubnet(SPACE.parse(architecture), "", Columns.LEARNED, List.of(accuracy, loss)),
                2 * accuracy);
    }
}
