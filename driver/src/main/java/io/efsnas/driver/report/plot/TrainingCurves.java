package io.efsnas.driver.report.plot;

import io.efsnas.checkpoint.SupernetIndex;
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
 * Loss and accuracy of every supernet in training, a point for each round at its last step. The warm start takes the
 * steps of all supernets, and each of them goes on from its share: so many steps are what the warm start is shown at.
 */
public record TrainingCurves(Plot loss, List<Series> losses, Plot accuracy, List<Series> accuracies) {

    /**
     * The curves of some rounds.
     *
     * @param rounds in any order, at least one
     */
    public static TrainingCurves of(List<RoundReport> rounds, Legend legend) {
        Map<Integer, List<RoundMetrics>> supernets = rounds.stream()
                .map(RoundReport::metrics)
                .sorted(Comparator.comparingLong(RoundMetrics::toStep))
                .collect(Collectors.groupingBy(RoundMetrics::supernet, TreeMap::new, Collectors.toList()));
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
        return metrics.supernet() == SupernetIndex.WARM_START
                ? (double) metrics.toStep() / legend.subspaces().size()
                : metrics.toStep();
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
            Plot plot,
            Map<Integer, List<RoundMetrics>> supernets,
            Legend legend,
            ToDoubleFunction<RoundMetrics> value) {
        List<RoundMetrics> warmStart = supernets.getOrDefault(SupernetIndex.WARM_START, List.of());
        List<RoundMetrics> shared = warmStart.subList(Math.max(0, warmStart.size() - 1), warmStart.size());
        return supernets.entrySet().stream()
                .map(supernet -> {
                    List<Point> points = points(supernet.getValue(), legend, value);
                    // A supernet goes on from where the warm start has ended, and so does its line.
                    List<Point> line = new ArrayList<>(
                            supernet.getKey() == SupernetIndex.WARM_START ? List.of() : points(shared, legend, value));
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
