package io.efsnas.driver.process;

import java.util.Locale;

/** Seconds, as clocks of nanoseconds measure them and as people read them. */
public final class Seconds {

    private static final double NANOS = 1e9;

    private Seconds() {}

    public static double ofNanos(long nanos) {
        return nanos / NANOS;
    }

    /** Seconds since {@link System#nanoTime()} said this. */
    public static double since(long nanoTime) {
        return ofNanos(System.nanoTime() - nanoTime);
    }

    /** A duration with its two largest units, such as {@code 51 s}, {@code 12 min 5 s} and {@code 3 h 12 min}. */
    public static String text(double seconds) {
        long whole = Math.round(seconds);
        long minutes = whole / 60;
        if (minutes >= 60) {
            return String.format(Locale.ROOT, "%,d h %d min", minutes / 60, minutes % 60);
        }
        return minutes > 0 ? minutes + " min " + whole % 60 + " s" : whole + " s";
    }
}
