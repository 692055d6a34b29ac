package io.efsnas.driver.report.plot;

import io.efsnas.driver.process.Seconds;
import io.efsnas.driver.statistics.Proportion;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.commons.math3.stat.interval.ConfidenceInterval;

/** Numbers as the report writes them. A no-break space keeps a number and its unit together. */
public final class Figures {

    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(\\d) ");

    private Figures() {}

    /** A share from 0 to 1, such as {@code 68.30 %}. */
    public static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f\u00a0%%", 100 * share);
    }

    /** Such as {@code 62.93 M}. */
    public static String millions(double amount) {
        return String.format(Locale.ROOT, amount < 10_000_000 ? "%.3f\u00a0M" : "%.2f\u00a0M", amount / 1e6);
    }

    /** Such as {@code 15,284}. */
    public static String grouped(Number whole) {
        return String.format(Locale.ROOT, "%,d", whole);
    }

    public static String fixed(double value, int decimals) {
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    /** A correlation coefficient; a dash for one that is undefined, which is null. */
    public static String coefficient(Double value) {
        return value == null ? "\u2013" : fixed(value, 3);
    }

    /** Such as {@code 51.8 s}, {@code 12 min 5 s} and {@code 3 h 12 min}. */
    public static String duration(double seconds) {
        if (seconds < 100) {
            return fixed(seconds, 1) + "\u00a0s";
        }
        return NUMBER_AND_UNIT.matcher(Seconds.text(seconds)).replaceAll("$1\u00a0");
    }

    /** Where the accuracy over all conceivable images is, with 95 % confidence, given that over some images. */
    public static String interval(double accuracy, int images) {
        ConfidenceInterval interval = Proportion.of(accuracy, images).interval();
        return String.format(
                Locale.ROOT, "%.1f\u2013%.1f\u00a0%%", 100 * interval.getLowerBound(), 100 * interval.getUpperBound());
    }
}
