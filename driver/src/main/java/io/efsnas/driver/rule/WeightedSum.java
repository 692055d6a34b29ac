package io.efsnas.driver.rule;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Ranks by the sum of some columns' values, of which higher ones are better, each times its weight. An architecture that has
 * no value in one of them ranks last.
 *
 * @param columns at least one
 * @param weights above 0, one for each column
 */
record WeightedSum(List<String> columns, List<Number> weights) implements RankingRule {

    WeightedSum {
        columns = List.copyOf(columns);
        weights = List.copyOf(weights);
    }

    @Override
    public Scores score(List<MeasuredSubnet> subnets) {
        return new Scores(subnets.stream().map(this::score).toList(), shares(), "ranked by " + describe());
    }

    private double score(MeasuredSubnet subnet) {
        double sum = 0;
        for (int i = 0; i < columns.size(); i++) {
            sum += weights.get(i).doubleValue() * subnet.merit(columns.get(i));
        }
        return Double.isFinite(sum) ? sum : Double.NEGATIVE_INFINITY;
    }

    private Map<String, Double> shares() {
        double total = weights.stream().mapToDouble(Number::doubleValue).sum();
        Map<String, Double> shares = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            shares.merge(columns.get(i), weights.get(i).doubleValue() / total, Double::sum);
        }
        return shares;
    }

    private String term(int i) {
        return weights.get(i).doubleValue() == 1 ? columns.get(i) : weights.get(i) + " * " + columns.get(i);
    }

    private String describe() {
        return columns.size() == 1
                ? columns.get(0)
                : IntStream.range(0, columns.size()).mapToObj(this::term).collect(Collectors.joining(" + "));
    }
}
