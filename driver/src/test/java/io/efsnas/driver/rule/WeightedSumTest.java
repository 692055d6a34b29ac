package io.efsnas.driver.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.space.Architecture;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WeightedSumTest {

    private static final List<String> COLUMNS = List.of("loss", "zico", "flops");

    private static MeasuredSubnet subnet(double loss, double zico) {
        return new MeasuredSubnet(new Architecture(List.of(0)), "", COLUMNS, List.of(loss, zico, 1e9));
    }

    private static RankingRule rule(List<String> columns, List<? extends Number> weights) {
        return RankingRuleProvider.named("sum").create(Map.of("columns", columns, "weights", weights));
    }

    @Test
    void addsUpValuesOfWhichHigherOnesAreBetter() {
        Scores scores = rule(List.of("loss", "zico"), List.of(1, 2.5))
                .score(List.of(subnet(0.5, 4), subnet(2, Double.NaN), subnet(Double.NaN, 3)));

        assertThat(scores.values()).containsExactly(-0.5 + 2.5 * 4, Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY);
        assertThat(scores.shares().get("loss")).isCloseTo(1 / 3.5, within(1e-12));
        assertThat(scores.shares().get("zico")).isCloseTo(2.5 / 3.5, within(1e-12));
        assertThat(scores.sentence()).isEqualTo("ranked by loss + 2.5 * zico");
    }

    @Test
    void ranksByOneColumnAlone() {
        Scores scores = rule(List.of("zico"), List.of(1)).score(List.of(subnet(1, 3)));

        assertThat(scores.values()).containsExactly(3.0);
        assertThat(scores.shares()).isEqualTo(Map.of("zico", 1.0));
        assertThat(scores.sentence()).isEqualTo("ranked by zico");
    }
}
