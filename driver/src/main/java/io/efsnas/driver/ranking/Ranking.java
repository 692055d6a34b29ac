package io.efsnas.driver.ranking;

import io.efsnas.driver.rule.Columns;
import io.efsnas.driver.rule.MeasuredSubnet;
import io.efsnas.driver.rule.RankingRule;
import io.efsnas.driver.rule.Scores;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Measured subnets of all subspaces, the best first: by score, then by higher accuracy, lower loss, fewer FLOPs, fewer
 * parameters, as far as these were measured, and at last by the architecture's text. Two subnets never tie, so the order
 * does not depend on the one in which executors reported.
 *
 * @param subnets the best first
 * @param shares how much of the scores each column decides
 * @param rankedBy what the scores come from, and why, in a sentence for people
 */
public record Ranking(SearchSpace space, List<RankedSubnet> subnets, Map<String, Double> shares, String rankedBy) {

    /**
     * Ranks subnets by a rule.
     *
     * @param measured the measured subnets in any order
     * @throws IllegalArgumentException naming an architecture that was measured twice
     */
    public static Ranking of(SearchSpace space, List<MeasuredSubnet> measured, RankingRule rule) {
        if (measured.isEmpty()) {
            return new Ranking(space, List.of(), Map.of(), "");
        }
        Scores scores = rule.score(measured);
        List<RankedSubnet> ranked = IntStream.range(0, measured.size())
                .mapToObj(i -> new RankedSubnet(measured.get(i), scores.values().get(i)))
                .toList();
        return new Ranking(space, ranked, scores.shares(), scores.sentence());
    }

    public Ranking {
        requireDistinct(space, subnets);
        subnets = subnets.stream().sorted(bestFirst(space, subnets)).toList();
    }

    private static void requireDistinct(SearchSpace space, List<RankedSubnet> subnets) {
        Set<Architecture> seen = new HashSet<>();
        for (RankedSubnet subnet : subnets) {
            if (!seen.add(subnet.architecture())) {
                throw new IllegalArgumentException(space.format(subnet.architecture()) + " is scored twice");
            }
        }
    }

    private static Comparator<RankedSubnet> bestFirst(SearchSpace space, List<RankedSubnet> subnets) {
        Comparator<RankedSubnet> order =
                Comparator.comparingDouble(RankedSubnet::score).reversed();
        for (String column : Columns.LEARNED) {
            order = thenBy(
                    column,
                    Comparator.comparingDouble(subnet -> -subnet.measured().merit(column)),
                    subnets,
                    order);
        }
        for (String cost : List.of(Columns.FLOPS, Columns.PARAMETERS)) {
            order = thenBy(cost, Comparator.comparingDouble(subnet -> subnet.value(cost)), subnets, order);
        }
        return order.thenComparing(subnet -> space.format(subnet.architecture()));
    }

    private static Comparator<RankedSubnet> thenBy(
            String column, Comparator<RankedSubnet> by, List<RankedSubnet> subnets, Comparator<RankedSubnet> order) {
        boolean known = subnets.stream().allMatch(subnet -> subnet.has(column));
        return known ? order.thenComparing(by) : order;
    }
}
