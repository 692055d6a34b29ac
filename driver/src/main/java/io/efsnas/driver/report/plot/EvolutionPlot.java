package io.efsnas.driver.report.plot;

import io.efsnas.driver.report.plot.Plot.Point;
import java.util.ArrayList;
import java.util.List;

/**
 * The accuracies of an evolution's candidates by generation.
 *
 * @param candidates the candidates as dots
 * @param best the highest accuracy so far, as a line
 */
public record EvolutionPlot(Plot plot, String candidates, String best) {

    /**
     * The plot of some candidates.
     *
     * @param candidates the candidates in the order of their generations, at least one
     * @param merit the name of what they are bred by
     */
    public static EvolutionPlot of(List<Candidate> candidates, String merit) {
        List<Point> points = candidates.stream()
                .map(candidate -> new Point(candidate.generation(), candidate.merit()))
                .toList();
        Plot plot = new Plot(
                Axis.around("generation", points.stream().mapToDouble(Point::x).toArray()),
                Axis.around(merit, points.stream().mapToDouble(Point::y).toArray()));
        List<Point> best = new ArrayList<>();
        double highest = Double.NEGATIVE_INFINITY;
        for (Point point : points) {
            highest = Math.max(highest, point.y());
            if (!best.isEmpty() && best.get(best.size() - 1).x() == point.x()) {
                best.remove(best.size() - 1);
            }
            best.add(new Point(point.x(), highest));
        }
        return new EvolutionPlot(plot, plot.dots(points), plot.line(best));
    }
}
