package io.efsnas.driver.report.plot;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Two axes, and the SVG paths of what is shown between them, in a square of {@link Axis#LENGTH} units whose origin is at
 * the upper left.
 */
public record Plot(Axis x, Axis y) {

    /** Values on both axes. */
    public record Point(double x, double y) {}

    /** One colour's part of a plot. */
    public record Series(String label, int colour, String path) {}

    public double x(double value) {
        return x.at(value);
    }

    public double y(double value) {
        return Axis.LENGTH - y.at(value);
    }

    /** A line through points; a value that is not a number interrupts it. */
    String line(List<Point> points) {
        StringBuilder path = new StringBuilder();
        boolean begun = false;
        for (Point point : points) {
            boolean drawn = Double.isFinite(point.y());
            if (drawn) {
                path.append(String.format(Locale.ROOT, "%s%.1f %.1f", begun ? "L" : "M", x(point.x()), y(point.y())));
            }
            begun = drawn;
        }
        return path.toString();
    }

    /** Strokes of no length, whose round caps are dots; points that fall on the same place are drawn once. */
    String dots(List<Point> points) {
        Set<String> places = points.stream()
                .filter(point -> Double.isFinite(point.y()))
                .map(point -> "M" + Math.round(x(point.x())) + " " + Math.round(y(point.y())) + "h0")
                .collect(Collectors.toCollection(LinkedHashSet::new));
        return String.join("", places);
    }
}
