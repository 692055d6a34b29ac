package io.efsnas.driver.report.plot;

import io.efsnas.driver.report.plot.Plot.Point;
import io.efsnas.driver.report.plot.Plot.Series;
import io.efsnas.job.RoundReport;
import io.efsnas.training.RoundMetrics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Loss and accuracy of every supernet in training, a point for each round that took steps, at the last of them. A supernet
 * that is split takes the steps of all supernets that come of it, and each of them goes on from its share: it is shown at so
 * many steps. So is one that began anew.
 */
public record TrainingCurves(Plot loss, List<Series> losses, Plot accuracy, List<Series> accuracies) {

    /**
     * The curves of some rounds.
     *
     * @param all in any order, at least one that took steps
     */
    public static TrainingCurves of(List<RoundReport> all, Legend legend) {
        List<RoundReport> rounds =
                all.stream().filter(round -> round.metrics().steps() > 0).toList();
        Map<String, List<RoundMetrics>> supernets = rounds.stream()
                .map(RoundReport::metrics)
                .sorted(Comparator.comparingLong(RoundMetrics::toStep))
                .collect(Collectors.groupingBy(
                        RoundMetrics::node, () -> new TreeMap<>(legend.order()), Collectors.toList()));
        ToDoubleFunction<RoundMetrics> percent = metrics -> 100 * metrics.accuracy();
        Plot loss = plot("Loss (nats)", rounds, legend, RoundMetrics::loss);
        Plot accuracy = plot("Accuracy (%)", rounds, legend, percent);
        return new TrainingCurves(
                loss,
                series(loss, supernets, legend, RoundMetrics::loss),
                accuracy,
                series(accuracy, supernets, legend, percent));
    }

    private static double steps(RoundMetrics metrics, Legend legend) {
        return (double) metrics.lastStep() / legend.width(metrics.node());
    }

    private static Plot plot(
            String label, List<RoundReport> rounds, Legend legend, ToDoubleFunction<RoundMetrics> value) {
        double steps = rounds.stream()
                .mapToDouble(round -> steps(round.metrics(), legend))
                .max()
                .orElseThrow();
        double[] values =
                rounds.stream().map(RoundReport::metrics).mapToDouble(value).toArray();
        return new Plot(new Axis("optimizer steps of a supernet", 0, steps), Axis.around(label, values));
    }

    private static List<Series> series(
            Plot plot, Map<String, List<RoundMetrics>> supernets, Legend legend, ToDoubleFunction<RoundMetrics> value) {
        return supernets.entrySet().stream()
                .map(supernet -> {
                    List<Point> points = points(supernet.getValue(), legend, value);
                    // A copy goes on from where its parent has ended, and so does its line.
                    List<RoundMetrics> parents = legend.copied(supernet.getKey())
                            .map(parent -> supernets.getOrDefault(parent, List.of()))
                            .orElse(List.of());
                    List<Point> line = new ArrayList<>(
                            points(parents.subList(Math.max(0, parents.size() - 1), parents.size()), legend, value));
                    line.addAll(points);
                    return new Series(
                            legend.label(supernet.getKey()),
                            legend.colour(supernet.getKey()),
                            plot.line(line) + plot.dots(points));
                })
                .toList();
    }

    private static List<Point> points(List<RoundMetrics> rounds, Legend legend, ToDoubleFunction<RoundMetrics> value) {
        return rounds.stream()
                .map(metrics -> new Point(steps(metrics, legend), value.applyAsDouble(metrics)))
                .toList();
    }
}
