package io.efsnas.driver.rule;

import java.util.List;
import java.util.Map;

/** Ranks by one column alone. */
record ColumnRule(String column) implements RankingRule {

    /** By the supernets' accuracies, as the paper does. */
    public static final class Accuracy implements RankingRuleProvider {
        @Override
        public String name() {
            return Columns.ACCURACY;
        }

        @Override
        public RankingRule create(Map<String, Object> settings) {
            return new ColumnRule(Columns.ACCURACY);
        }
    }

    /** By the supernets' losses, which tell more of few images than accuracies do. */
    public static final class Loss implements RankingRuleProvider {
        @Override
        public String name() {
            return Columns.LOSS;
        }

        @Override
        public RankingRule create(Map<String, Object> settings) {
            return new ColumnRule(Columns.LOSS);
        }
    }

    @Override
    public List<String> columns() {
        return List.of(column);
    }

    @Override
    public Scores score(List<MeasuredSubnet> subnets) {
        return new Scores(
                subnets.stream().map(subnet -> subnet.merit(column)).toList(),
                Map.of(column, 1.0),
                "ranked by " + column);
    }
}
