package io.efsnas.driver.ranking;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.driver.rule.Columns;
import io.efsnas.driver.rule.MeasuredSubnet;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.SearchSpaces;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ParetoFrontTest {

    private static final SearchSpace SPACE = SearchSpaces.named("nas-bench-201");

    private static RankedSubnet subnet(double accuracy, double flops, double parameters, double latency) {
        return new RankedSubnet(
                new MeasuredSubnet(
                        SPACE.parse("|none~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|"),
                        "0",
                        List.of(Columns.ACCURACY, Columns.FLOPS, Columns.PARAMETERS, Columns.LATENCY),
                        List.of(accuracy, flops, parameters, latency)),
                0);
    }

    private static boolean beats(RankedSubnet one, RankedSubnet other) {
        boolean noWorse = one.value(Columns.ACCURACY) >= other.value(Columns.ACCURACY)
                && one.value(Columns.FLOPS) <= other.value(Columns.FLOPS)
                && one.value(Columns.PARAMETERS) <= other.value(Columns.PARAMETERS)
                && one.value(Columns.LATENCY) <= other.value(Columns.LATENCY);
        boolean better = one.value(Columns.ACCURACY) > other.value(Columns.ACCURACY)
                || one.value(Columns.FLOPS) < other.value(Columns.FLOPS)
                || one.value(Columns.PARAMETERS) < other.value(Columns.PARAMETERS)
                || one.value(Columns.LATENCY) < other.value(Columns.LATENCY);
        return noWorse && better;
    }

    /** Few different values, so that many are equal in one. */
    @Test
    void isExactlyWhatNoOtherSubnetBeats() {
        Random random = new Random(3);
        for (int round = 0; round < 50; round++) {
            List<RankedSubnet> subnets = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                subnets.add(subnet(random.nextInt(9), random.nextInt(9), random.nextInt(9), random.nextInt(9)));
            }

            assertThat(ParetoFront.of(subnets))
                    .containsExactlyInAnyOrderElementsOf(subnets.stream()
                            .filter(subnet -> subnets.stream().noneMatch(other -> beats(other, subnet)))
                            .toList());
        }
    }

    @Test
    void whatCouldNotBeTimedIsTheSlowest() {
        RankedSubnet timed = subnet(0.5, 1, 1, 100);

        assertThat(ParetoFront.of(List.of(subnet(0.5, 1, 1, Double.NaN), timed)))
                .containsExactly(timed);
    }

    @Test
    void withoutAccuraciesTheScoreCounts() {
        MeasuredSubnet measured = new MeasuredSubnet(
                SPACE.parse("|none~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|"),
                "0",
                List.of(Columns.FLOPS, Columns.PARAMETERS),
                List.of(1.0, 1.0));
        RankedSubnet better = new RankedSubnet(measured, 2);

        assertThat(ParetoFront.of(List.of(new RankedSubnet(measured, 1), better)))
                .containsExactly(better);
    }
}
