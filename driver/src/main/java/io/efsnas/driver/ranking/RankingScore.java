package io.efsnas.driver.ranking;

import io.efsnas.driver.statistics.Ranks;
import io.efsnas.space.Architecture;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/** What subnets can be ranked by other than their accuracies: each method gives them, in their order, another score. */
public final class RankingScore {

    private RankingScore() {}

    /** Scores by the loss, which tells more of few images than the accuracy; a diverged supernet's are the worst. */
    public static List<ScoredSubnet> byLoss(List<ScoredSubnet> subnets) {
        return subnets.stream()
                .map(subnet -> subnet.withScore(ofLoss(subnet.loss())))
                .toList();
    }

    /** The score of a loss, the higher the better. */
    public static double ofLoss(double loss) {
        return Double.isNaN(loss) ? Double.NEGATIVE_INFINITY : -loss;
    }

    /**
     * Scores by {@link Fusion} of the accuracy, a cost, and how well architectures are built.
     *
     * @param cost of each subnet
     * @param built measures, with a value for each subnet
     */
    public static List<ScoredSubnet> byFusion(List<ScoredSubnet> subnets, List<Double> cost, List<List<Double>> built) {
        double[] scores = Fusion.scores(
                subnets.stream().map(ScoredSubnet::accuracy).toList(),
                subnets.stream().map(ScoredSubnet::subspace).toList(),
                cost,
                built);
        return IntStream.range(0, scores.length)
                .mapToObj(i -> subnets.get(i).withScore(scores[i]))
                .toList();
    }

    /**
     * Scores by the mean of an architecture's rank by accuracy and its rank by live parameters, which by themselves
     * predict the true accuracy well.
     *
     * @param liveParameters the parameters of what reaches the output of an architecture
     * @param weight of the rank by live parameters where that by accuracy has 1; see {@link PriorWeight}
     */
    public static List<ScoredSubnet> byAccuracyAndLiveParameters(
            List<ScoredSubnet> subnets, ToLongFunction<Architecture> liveParameters, double weight) {
        double[] scores = Ranks.weightedMean(
                subnets.stream().mapToDouble(ScoredSubnet::accuracy).toArray(),
                subnets.stream()
                        .mapToDouble(subnet -> liveParameters.applyAsLong(subnet.architecture()))
                        .toArray(),
                weight);
        return IntStream.range(0, scores.length)
                .mapToObj(i -> subnets.get(i).withScore(scores[i]))
                .toList();
    }
}
