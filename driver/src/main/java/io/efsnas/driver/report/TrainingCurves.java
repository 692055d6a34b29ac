package io.efsnas.driver.report;

import io.efsnas.driver.report.Plot.Point;
import io.efsnas.driver.report.Plot.Series;
import io.efsnas.job.RoundReport;
import io.efsnas.training.RoundMetrics;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Loss and accuracy of every supernet in training, a point for each round at its last step. */
record TrainingCurves(Plot loss, List<Series> losses, Plot accuracy, List<Series> accuracies) {

    /**
     * The curves of some rounds.
     *
     * @param rounds in any order, at least one
     */
    static TrainingCurves of(List<RoundReport> rounds, Legend legend) {
        Map<Integer, List<RoundMetrics>> supernets = rounds.stream()
                .map(RoundReport::metrics)
                .sorted(Comparator.comparingLong(RoundMetrics::toStep))
                .collect(Collectors.groupingBy(RoundMetrics::supernet, TreeMap::new, Collectors.toList()));
        ToDoubleFunction<RoundMetrics> percent = metrics -> 100 * metrics.accuracy();
        Plot loss = plot("Loss (nats)", rounds, RoundMetrics::loss);
        Plot accuracy = plot("Accuracy (%)", rounds, percent);
        return new TrainingCurves(
                loss,
                series(loss, supernets, legend, RoundMetrics::loss),
                accuracy,
                series(accuracy, supernets, legend, percent));
    }

    private static Plot plot(String label, List<RoundReport> rounds, ToDoubleFunction<RoundMetrics> value) {
        long steps = rounds.stream()
                .mapToLong(round -> round.metrics().toStep())
                .max()
                .orElseThrow();
        double[] values =
                rounds.stream().map(RoundReport::metrics).mapToDouble(value).toArray();
        return new Plot(new Axis("optimizer steps", 0, steps), Axis.around(label, values));
    }

    private static List<Series> series(
            Plot plot,
            Map<Integer, List<RoundMetrics>> supernets,
            Legend legend,
            ToDoubleFunction<RoundMetrics> value) {
        return supernets.entrySet().stream()
                .map(supernet -> {
                    List<Point> points = supernet.getValue().stream()
                            .map(metrics -> new Point(metrics.toStep(), value.applyAsDouble(metrics)))
                            .toList();
                    return new Series(
                            legend.label(supernet.getKey()),
                            legend.colour(supernet.getKey()),
                            plot.line(points) + plot.dots(points));
                })
                .toList();
    }
}
