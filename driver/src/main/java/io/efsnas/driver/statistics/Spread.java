package io.efsnas.driver.statistics;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;

/**
 * How repetitions of a measurement differ.
 *
 * @param mean of all
 * @param deviation the standard deviation, estimated from these (the sum of squares is divided by one less than their
 *     number); 0 of a single one
 */
public record Spread(int repetitions, double mean, double deviation) {

    /** That of some values; empty if there are none. */
    public static Optional<Spread> of(DoubleStream values) {
        DescriptiveStatistics statistics = new DescriptiveStatistics(values.toArray());
        return statistics.getN() == 0
                ? Optional.empty()
                : Optional.of(
                        new Spread((int) statistics.getN(), statistics.getMean(), statistics.getStandardDeviation()));
    }

    /** The mean as if it were the only value. */
    public Spread ofMean() {
        return new Spread(1, mean, 0);
    }

    /** Such as {@code 0.612 ± 0.021}, and without the deviation if there is one value only. */
    public String text(int decimals) {
        String number = "%." + decimals + "f";
        return String.format(Locale.ROOT, number, mean)
                + (repetitions > 1 ? String.format(Locale.ROOT, " \u00b1 " + number, deviation) : "");
    }
}
