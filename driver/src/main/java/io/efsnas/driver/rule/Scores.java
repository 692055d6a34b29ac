package io.efsnas.driver.rule;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a {@link RankingRule} makes of measured subnets.
 *
 * @param values a score for each subnet, in their order, the higher the better; comparable only with one another
 * @param shares how much of the scores each column decides, 0 to 1; together 1
 * @param sentence what ranked, and why, for people
 */
public record Scores(List<Double> values, Map<String, Double> shares, String sentence) {

    public Scores {
        values = List.copyOf(values);
        shares = Collections.unmodifiableMap(new LinkedHashMap<>(shares));
    }
}
