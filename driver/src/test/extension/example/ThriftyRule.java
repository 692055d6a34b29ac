package example;

import io.efsnas.driver.rule.Columns;
import io.efsnas.driver.rule.MeasuredSubnet;
import io.efsnas.driver.rule.RankingRule;
import io.efsnas.driver.rule.RankingRuleProvider;
import io.efsnas.driver.rule.Scores;
import java.util.List;
import java.util.Map;

/** Ranks by accuracy less a price for each convolution. */
public final class ThriftyRule implements RankingRuleProvider {

    @Override
    public String name() {
        return "thrifty";
    }

    @Override
    public Map<String, Object> defaults() {
        return Map.of("price", 0.01);
    }

    @Override
    public RankingRule create(Map<String, Object> settings) {
        double price = ((Number) settings.get("price")).doubleValue();
        if (!(price >= 0)) {
            throw new IllegalArgumentException("price: expected a number of at least 0");
        }
        return new Thrifty(price);
    }

    private record Thrifty(double price) implements RankingRule {

        @Override
        public List<String> columns() {
            return List.of(Columns.ACCURACY, "convolutions");
        }

        @Override
        public Scores score(List<MeasuredSubnet> subnets) {
            return new Scores(
                    subnets.stream()
                            .map(subnet ->
                                    subnet.value(Columns.ACCURACY) - price * subnet.value("convolutions"))
                            .toList(),
                    Map.of(Columns.ACCURACY, 1 / (1 + price), "convolutions", price / (1 + price)),
                    "ranked by accuracy less " + price + " for each convolution");
        }
    }
}
