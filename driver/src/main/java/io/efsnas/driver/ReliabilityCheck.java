package io.efsnas.driver;

import io.efsnas.driver.ranking.Ranking;
import io.efsnas.driver.ranking.Reliability;
import io.efsnas.driver.ranking.ScoredSubnet;
import io.efsnas.driver.statistics.SubspaceCorrelation;
import io.efsnas.scoring.SubnetScore;
import io.efsnas.space.Architecture;
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
    private final List<SubnetScore> scores;

    ReliabilityCheck(SearchPlan plan, List<SubnetScore> scores) {
        this.plan = plan;
        this.scores = scores;
    }

    /**
     * The architectures to be scored by another checkpoint too: of each subspace at most so many as configured, at even
     * distances in the order of their accuracies, so that good and bad ones are among them as in the whole.
     */
    List<Architecture> sample() {
        int wanted = plan.config().scoring().repeatedArchitectures();
        Ranking ranking = new Ranking(
                plan.partition().space(), scores.stream().map(plan::scored).toList());
        Map<Integer, List<ScoredSubnet>> bySubspace =
                ranking.subnets().stream().collect(Collectors.groupingBy(ScoredSubnet::subspace));
        List<Architecture> sample = new ArrayList<>();
        for (List<ScoredSubnet> subnets : bySubspace.values()) {
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
     * @param byEarlierCheckpoint scores of some of the architectures by the checkpoint before the last; may be empty
     */
    Reliability of(List<SubnetScore> byEarlierCheckpoint) {
        return new Reliability(
                plan.scoredImages(),
                correlation(scores, score -> score.even().correct(), score -> score.odd()
                        .correct()),
                byEarlierCheckpoint.isEmpty() ? Optional.empty() : Optional.of(ofCheckpoints(byEarlierCheckpoint)),
                correlation(scores, ReliabilityCheck::accuracy, score -> plan.liveParameters(score.architecture())));
    }

    private SubspaceCorrelation ofCheckpoints(List<SubnetScore> earlier) {
        Map<Architecture, SubnetScore> last =
                scores.stream().collect(Collectors.toMap(SubnetScore::architecture, Function.identity()));
        return correlation(earlier, ReliabilityCheck::accuracy, score -> accuracy(last.get(score.architecture())));
    }

    private static double accuracy(SubnetScore score) {
        return score.evaluation().accuracy();
    }

    private SubspaceCorrelation correlation(
            List<SubnetScore> compared, ToDoubleFunction<SubnetScore> first, ToDoubleFunction<SubnetScore> second) {
        return SubspaceCorrelation.of(
                compared.stream()
                        .map(score -> plan.partition()
                                .subspaceOf(score.architecture())
                                .index())
                        .toList(),
                compared.stream().mapToDouble(first).toArray(),
                compared.stream().mapToDouble(second).toArray());
    }
}
