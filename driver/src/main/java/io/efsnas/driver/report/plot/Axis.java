package io.efsnas.driver.report.plot;

import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/**
 * An axis of a plot. Positions on it are thousandths of its length, so that a plot can be drawn at any width.
 *
 * @param label what it shows, and in which unit
 * @param from the value at its begin
 * @param to the value at its end, above {@code from}
 */
public record Axis(String label, double from, double to) {

    /** Positions go from 0 to this. */
    public static final double LENGTH = 1000;

    private static final int INTERVALS = 5;

    public Axis {
        if (!(from < to)) {
            throw new IllegalArgumentException("an axis must not go from " + from + " to " + to);
        }
    }

    /** An axis with a little room around all values that are numbers; it has no negative ones unless they have. */
    static Axis around(String label, double[] values) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            if (Double.isFinite(value)) {
                least = Math.min(least, value);
                most = Math.max(most, value);
            }
        }
        if (least > most) {
            return new Axis(label, 0, 1);
        }
        double room = least < most ? (most - least) / 20 : Math.max(Math.abs(most) / 20, 0.5);
        return new Axis(label, least < 0 ? least - room : Math.max(0, least - room), most + room);
    }

    /** Where a value is. */
    public double at(double value) {
        return (value - from) / (to - from) * LENGTH;
    }

    /** Some six values along the axis that are one, two or five times a power of ten apart. */
    public List<Double> ticks() {
        double step = step();
        // Whole numbers of steps, since sums of steps would not be round.
        return LongStream.rangeClosed((long) Math.ceil(from / step), (long) Math.floor(to / step))
                .mapToObj(steps -> steps * step)
                .toList();
    }

    private double step() {
        double least = (to - from) / INTERVALS;
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        double times = least / power;
        return power * (times > 5 ? 10 : times > 2 ? 5 : times > 1 ? 2 : 1);
    }

    /** A tick's value with as many decimals as its neighbours need. */
    public String text(double tick) {
        int decimals = (int) Math.max(0, -Math.floor(Math.log10(step()) + 1e-9));
        return String.format(Locale.ROOT, "%,." + decimals + "f", tick == 0 ? 0.0 : tick);
    }
}
