package io.efsnas.driver.rule;

import io.efsnas.provider.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes a {@link WeightedSum}. */
public final class WeightedSumProvider implements RankingRuleProvider {

    private static final String COLUMNS = "columns";
    private static final String WEIGHTS = "weights";

    @Override
    public String name() {
        return "sum";
    }

    @Override
    public Map<String, Object> defaults() {
        return Map.of(COLUMNS, List.of(Columns.ACCURACY), WEIGHTS, List.of(1));
    }

    @Override
    public RankingRule create(Map<String, Object> settings) {
        if (!(settings.get(COLUMNS) instanceof List<?> columns) || columns.isEmpty()) {
            throw Settings.refusal(COLUMNS, "a list of measures, accuracy or loss, such as [trained-accuracy]");
        }
        String expected = "a number above 0 for each of the " + columns.size() + " " + COLUMNS;
        if (!(settings.get(WEIGHTS) instanceof List<?> weights) || weights.size() != columns.size()) {
            throw Settings.refusal(WEIGHTS, expected);
        }
        List<Number> numbers = new ArrayList<>();
        for (Object weight : weights) {
            if (!(weight instanceof Number number) || !(number.doubleValue() > 0)) {
                throw Settings.refusal(WEIGHTS, expected);
            }
            numbers.add(number);
        }
        return new WeightedSum(columns.stream().map(String::valueOf).toList(), numbers);
    }
}
