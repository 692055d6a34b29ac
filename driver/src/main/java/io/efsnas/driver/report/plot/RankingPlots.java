package io.efsnas.driver.report.plot;

import io.efsnas.driver.ranking.ScoredSubnet;
import io.efsnas.driver.report.plot.Plot.Point;
import io.efsnas.driver.report.plot.Plot.Series;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/**
 * How accurate the ranked subnets are, against what they cost and by how many nonlinear functions they have. Both plots
 * have the same axis of accuracy.
 *
 * @param costs accuracy against FLOPs
 * @param clouds the subnets of each subspace
 * @param front the subnets that none is both cheaper and more accurate than, the cheapest first
 * @param frontLine the best accuracy for at most so many FLOPs
 * @param counts accuracy by count; the values on its first axis are positions among the boxes
 * @param boxes the counts in ascending order
 */
public record RankingPlots(
        Plot costs, List<Series> clouds, List<ScoredSubnet> front, String frontLine, Plot counts, List<Box> boxes) {

    /**
     * The accuracies of the subnets with the same count, in percent.
     *
     * @param low the 5th percentile
     * @param high the 95th percentile
     */
    public record Box(
            int count,
            int colour,
            int subnets,
            double low,
            double quartile1,
            double median,
            double quartile3,
            double high,
            double best) {}

    /**
     * The plots of a ranking.
     *
     * @param ranking at least one subnet
     */
    public static RankingPlots of(List<ScoredSubnet> ranking, Legend legend) {
        Axis accuracy = Axis.around(
                "Accuracy (%)",
                ranking.stream().mapToDouble(RankingPlots::percent).toArray());
        Axis flops = Axis.around(
                "FLOPs of the final network (millions)",
                ranking.stream().mapToDouble(RankingPlots::megaFlops).toArray());
        Plot costs = new Plot(flops, accuracy);
        List<ScoredSubnet> front = front(ranking);
        List<Box> boxes = boxes(ranking, legend);
        return new RankingPlots(
                costs,
                clouds(costs, ranking, legend),
                front,
                staircase(costs, front),
                new Plot(new Axis("nonlinear functions", 0, boxes.size()), accuracy),
                boxes);
    }

    public static double percent(ScoredSubnet subnet) {
        return 100 * subnet.accuracy();
    }

    public static double megaFlops(ScoredSubnet subnet) {
        return subnet.flops() / 1e6;
    }

    private static List<Series> clouds(Plot plot, List<ScoredSubnet> ranking, Legend legend) {
        Map<Integer, List<Point>> bySubspace = ranking.stream()
                .collect(Collectors.groupingBy(
                        ScoredSubnet::subspace,
                        TreeMap::new,
                        Collectors.mapping(
                                subnet -> new Point(megaFlops(subnet), percent(subnet)), Collectors.toList())));
        return bySubspace.entrySet().stream()
                .map(subspace -> new Series(
                        legend.label(subspace.getKey()),
                        legend.colour(subspace.getKey()),
                        plot.dots(subspace.getValue())))
                .toList();
    }

    private static List<ScoredSubnet> front(List<ScoredSubnet> ranking) {
        List<ScoredSubnet> front = new ArrayList<>();
        ranking.stream()
                .sorted(Comparator.comparingLong(ScoredSubnet::flops)
                        .thenComparing(Comparator.comparingDouble(ScoredSubnet::accuracy)
                                .reversed()))
                .filter(subnet -> front.isEmpty()
                        || subnet.accuracy() > front.get(front.size() - 1).accuracy())
                .forEachOrdered(front::add);
        return front;
    }

    private static String staircase(Plot plot, List<ScoredSubnet> front) {
        List<Point> corners = new ArrayList<>();
        for (ScoredSubnet subnet : front) {
            if (!corners.isEmpty()) {
                corners.add(new Point(
                        megaFlops(subnet), corners.get(corners.size() - 1).y()));
            }
            corners.add(new Point(megaFlops(subnet), percent(subnet)));
        }
        corners.add(new Point(plot.x().to(), corners.get(corners.size() - 1).y()));
        return plot.line(corners);
    }

    private static List<Box> boxes(List<ScoredSubnet> ranking, Legend legend) {
        Map<Integer, List<ScoredSubnet>> byCount = ranking.stream()
                .collect(Collectors.groupingBy(ScoredSubnet::nonlinearities, TreeMap::new, Collectors.toList()));
        return byCount.entrySet().stream()
                .map(count -> box(count.getKey(), count.getValue(), legend))
                .toList();
    }

    private static Box box(int count, List<ScoredSubnet> subnets, Legend legend) {
        Percentile percentile = new Percentile();
        percentile.setData(subnets.stream().mapToDouble(RankingPlots::percent).toArray());
        return new Box(
                count,
                legend.colour(subnets.get(0).subspace()),
                subnets.size(),
                percentile.evaluate(5),
                percentile.evaluate(25),
                percentile.evaluate(50),
                percentile.evaluate(75),
                percentile.evaluate(95),
                percentile.evaluate(100));
    }
}
