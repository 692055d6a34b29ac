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

    /**
     * The end of a line about work under way: an estimate of the rest, such as {@code "; about 51 s left to train"}, or
     * nothing once all is done.
     *
     * @param seconds that the work done so far has taken
     * @param done how much that is, above 0
     * @param all how much there is to do
     * @param left how the words end
     */
    public static String rest(double seconds, double done, double all, String left) {
        return done < all ? "; about " + text(seconds / done * (all - done)) + " " + left : "";
    }
}
