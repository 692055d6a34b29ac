package io.efsnas.driver.ranking;

import static io.efsnas.driver.ranking.Subnets.CONV_1X1;
import static io.efsnas.driver.ranking.Subnets.CONV_3X3;
import static io.efsnas.driver.ranking.Subnets.POOL;
import static io.efsnas.driver.ranking.Subnets.SPACE;
import static io.efsnas.driver.ranking.Subnets.subnet;
import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.space.Architecture;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RankingScoreTest {

    private static final List<ScoredSubnet> SUBNETS = List.of(
            subnet(CONV_1X1, 0.75, 1.5, 1, 1), subnet(POOL, 0.5, Double.NaN, 1, 1), subnet(CONV_3X3, 0.25, 0.5, 1, 1));

    @Test
    void lowerLossScoresHigherAndADivergedSupernetLowest() {
        assertThat(RankingScore.byLoss(SUBNETS))
                .containsExactly(
                        SUBNETS.get(0).withScore(-1.5),
                        SUBNETS.get(1).withScore(Double.NEGATIVE_INFINITY),
                        SUBNETS.get(2).withScore(-0.5));
    }

    /** By accuracy they rank 3, 2, 1 of 3, by live parameters 2, 1, 3. */
    @Test
    void liveParametersCountByTheirRankTimesTheWeight() {
        Map<Architecture, Long> live =
                Map.of(SPACE.parse(CONV_1X1), 10L, SPACE.parse(POOL), 0L, SPACE.parse(CONV_3X3), 5_000_000_000L);

        List<ScoredSubnet> scored = RankingScore.byAccuracyAndLiveParameters(SUBNETS, live::get, 3);

        assertThat(scored)
                .containsExactly(
                        SUBNETS.get(0).withScore(9.0 / 12),
                        SUBNETS.get(1).withScore(5.0 / 12),
                        SUBNETS.get(2).withScore(10.0 / 12));
        assertThat(RankingScore.byAccuracyAndLiveParameters(SUBNETS, live::get, 0))
                .extracting(ScoredSubnet::score)
                .containsExactly(1.0, 2 / 3.0, 1 / 3.0);
    }
}
