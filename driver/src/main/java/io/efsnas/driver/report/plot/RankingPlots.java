package io.efsnas.driver.report.plot;

import io.efsnas.driver.ranking.RankedSubnet;
import io.efsnas.driver.report.plot.Plot.Point;
import io.efsnas.driver.report.plot.Plot.Series;
import io.efsnas.driver.rule.Columns;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/**
 * How good the ranked subnets are, against what they cost and by how many nonlinear functions they have: by the accuracies
 * of their supernets, or by their scores if no supernet was trained. Both plots have the same axis of that.
 *
 * @param costs merit against FLOPs
 * @param clouds the subnets of each subspace
 * @param front the subnets that none is both cheaper and better than, the cheapest first
 * @param frontLine the best merit for at most so many FLOPs
 * @param counts merit by count; the values on its first axis are positions among the boxes
 * @param boxes the counts in ascending order; empty in spaces that do not count
 */
public record RankingPlots(
        Plot costs, List<Series> clouds, List<RankedSubnet> front, String frontLine, Plot counts, List<Box> boxes) {

    /**
     * The merits of the subnets with the same count.
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
    public static RankingPlots of(List<RankedSubnet> ranking, Legend legend) {
        Axis merit = Axis.around(
                ranking.get(0).has(Columns.ACCURACY) ? "Accuracy (%)" : "Score",
                ranking.stream().mapToDouble(RankingPlots::merit).toArray());
        Axis flops = Axis.around(
                "FLOPs of the final network (millions)",
                ranking.stream().mapToDouble(RankingPlots::megaFlops).toArray());
        Plot costs = new Plot(flops, merit);
        List<RankedSubnet> front = front(ranking);
        List<Box> boxes = boxes(ranking, legend);
        return new RankingPlots(
                costs,
                clouds(costs, ranking, legend),
                front,
                staircase(costs, front),
                new Plot(new Axis("nonlinear functions", 0, Math.max(1, boxes.size())), merit),
                boxes);
    }

    /** Accuracy in percent, or the score of a subnet that has none. */
    public static double merit(RankedSubnet subnet) {
        return subnet.has(Columns.ACCURACY) ? 100 * subnet.value(Columns.ACCURACY) : subnet.score();
    }

    public static double megaFlops(RankedSubnet subnet) {
        return subnet.value(Columns.FLOPS) / 1e6;
    }

    private static List<Series> clouds(Plot plot, List<RankedSubnet> ranking, Legend legend) {
        Map<String, List<Point>> byNode = ranking.stream()
                .collect(Collectors.groupingBy(
                        RankedSubnet::node,
                        () -> new TreeMap<>(legend.order()),
                        Collectors.mapping(
                                subnet -> new Point(megaFlops(subnet), merit(subnet)), Collectors.toList())));
        return byNode.entrySet().stream()
                .map(node -> new Series(
                        legend.label(node.getKey()), legend.colour(node.getKey()), plot.dots(node.getValue())))
                .toList();
    }

    private static List<RankedSubnet> front(List<RankedSubnet> ranking) {
        List<RankedSubnet> front = new ArrayList<>();
        ranking.stream()
                .sorted(Comparator.comparingDouble(RankingPlots::megaFlops)
                        .thenComparing(
                                Comparator.comparingDouble(RankingPlots::merit).reversed()))
                .filter(subnet -> front.isEmpty() || merit(subnet) > merit(front.get(front.size() - 1)))
                .forEachOrdered(front::add);
        return front;
    }

    private static String staircase(Plot plot, List<RankedSubnet> front) {
        List<Point> corners = new ArrayList<>();
        for (RankedSubnet subnet : front) {
            if (!corners.isEmpty()) {
                corners.add(new Point(
                        megaFlops(subnet), corners.get(corners.size() - 1).y()));
            }
            corners.add(new Point(megaFlops(subnet), merit(subnet)));
        }
        corners.add(new Point(plot.x().to(), corners.get(corners.size() - 1).y()));
        return plot.line(corners);
    }

    private static List<Box> boxes(List<RankedSubnet> ranking, Legend legend) {
        if (!ranking.get(0).has(Columns.NONLINEARITIES)) {
            return List.of();
        }
        Map<Integer, List<RankedSubnet>> byCount = ranking.stream()
                .collect(Collectors.groupingBy(
                        subnet -> (int) subnet.value(Columns.NONLINEARITIES), TreeMap::new, Collectors.toList()));
        return byCount.entrySet().stream()
                .map(count -> box(count.getKey(), count.getValue(), legend))
                .toList();
    }

    private static Box box(int count, List<RankedSubnet> subnets, Legend legend) {
        Percentile percentile = new Percentile();
        percentile.setData(subnets.stream().mapToDouble(RankingPlots::merit).toArray());
        return new Box(
                count,
                legend.colour(subnets.get(0).node()),
                subnets.size(),
                percentile.evaluate(5),
                percentile.evaluate(25),
                percentile.evaluate(50),
                percentile.evaluate(75),
                percentile.evaluate(95),
                percentile.evaluate(100));
    }
}
