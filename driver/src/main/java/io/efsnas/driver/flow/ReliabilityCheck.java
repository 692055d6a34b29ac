package io.efsnas.driver.flow;

import io.efsnas.driver.ranking.RankedSubnet;
import io.efsnas.driver.ranking.Ranking;
import io.efsnas.driver.rule.Columns;
import io.efsnas.driver.rule.MeasuredSubnet;
import io.efsnas.driver.rule.RankingRuleProvider;
import io.efsnas.driver.statistics.SubspaceCorrelation;
import io.efsnas.scoring.SubnetScore;
import io.efsnas.space.Architecture;
import io.efsnas.split.SupernetTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Finds how far the accuracies of a search can be believed, by comparing each with a second measurement of it. */
final class ReliabilityCheck {

    private final SearchPlan plan;
    private final SupernetTree tree;
    private final List<MeasuredSubnet> scored;

    /**
     * @param tree the supernets that scored
     * @param scored all subnets as the last checkpoint scored them
     */
    ReliabilityCheck(SearchPlan plan, SupernetTree tree, List<MeasuredSubnet> scored) {
        this.plan = plan;
        this.tree = tree;
        this.scored = scored;
    }

    /**
     * The architectures whose measurements are compared: of each subspace at most so many as configured, at even distances
     * in the order of their accuracies, so that good and bad ones are among them as in the whole.
     */
    List<Architecture> sample() {
        int wanted = plan.config().scoring().repeatedArchitectures();
        Ranking ranking = Ranking.of(
                plan.space(),
                scored,
                RankingRuleProvider.named(Columns.ACCURACY).create(Map.of()));
        Map<Integer, List<RankedSubnet>> byLeaf = ranking.subnets().stream()
                .collect(Collectors.groupingBy(subnet -> tree.indexOfLeaf(subnet.architecture())));
        List<Architecture> sample = new ArrayList<>();
        for (List<RankedSubnet> subnets : byLeaf.values()) {
            int count = Math.min(wanted, subnets.size());
            for (int i = 0; i < count; i++) {
                sample.add(
                        subnets.get((int) ((long) i * subnets.size() / count)).architecture());
            }
        }
        return sample;
    }

    /**
     * What the second measurements show.
     *
     * @param last scores of the sample by the last checkpoint
     * @param earlier scores of the sample, in any order, by the checkpoint before; empty if there is none
     */
    Reliability of(List<SubnetScore> last, List<SubnetScore> earlier) {
        return new Reliability(
                plan.scoredImages(),
                correlation(
                        last, SubnetScore::architecture, score -> score.even().correct(), score -> score.odd()
                                .correct()),
                earlier.isEmpty() ? Optional.empty() : Optional.of(ofCheckpoints(last, earlier)),
                correlation(
                        scored,
                        MeasuredSubnet::architecture,
                        subnet -> subnet.value(Columns.ACCURACY),
                        subnet -> plan.liveCost(subnet.architecture()).parameters()));
    }

    private SubspaceCorrelation ofCheckpoints(List<SubnetScore> last, List<SubnetScore> earlier) {
        Map<Architecture, SubnetScore> byArchitecture =
                earlier.stream().collect(Collectors.toMap(SubnetScore::architecture, Function.identity()));
        return correlation(
                last,
                SubnetScore::architecture,
                score -> score.evaluation().accuracy(),
                score -> byArchitecture.get(score.architecture()).evaluation().accuracy());
    }

    private <T> SubspaceCorrelation correlation(
            List<T> compared,
            Function<T, Architecture> architecture,
            ToDoubleFunction<T> first,
            ToDoubleFunction<T> second) {
        return SubspaceCorrelation.of(
                compared.stream()
                        .map(one -> tree.leafOf(architecture.apply(one)).id())
                        .toList(),
                compared.stream().mapToDouble(first).toArray(),
                compared.stream().mapToDouble(second).toArray());
    }
}
