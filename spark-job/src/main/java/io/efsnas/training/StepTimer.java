package io.efsnas.training;

import java.io.IOException;
import java.util.function.LongSupplier;

/** Times steps, some at a time, until they get no faster: by then the JVM has compiled what they run. */
public final class StepTimer {

    /** Takes steps. */
    @FunctionalInterface
    public interface Steps {
        void take(int number) throws IOException;
    }

    private static final int FIRST = 4;
    private static final int MOST_TIMES = 6;

    /** Below this part of the time before, steps still get faster. */
    private static final double FASTER = 0.9;

    private StepTimer() {}

    /**
     * Seconds of a step.
     *
     * @param seconds about how long to take steps at a time; all together it is two to six times as long
     * @param most the most steps at a time
     */
    public static double secondsOf(Steps steps, double seconds, int most) throws IOException {
        return secondsOf(steps, seconds, most, System::nanoTime);
    }

    static double secondsOf(Steps steps, double seconds, int most, LongSupplier nanos) throws IOException {
        double before;
        double step = time(steps, Math.min(FIRST, most), nanos);
        int times = 0;
        do {
            before = step;
            step = time(steps, (int) Math.max(1, Math.min(most, seconds / before)), nanos);
        } while (step < FASTER * before && ++times < MOST_TIMES);
        return step;
    }

    private static double time(Steps steps, int number, LongSupplier nanos) throws IOException {
        long start = nanos.getAsLong();
        steps.take(number);
        return (nanos.getAsLong() - start) / 1e9 / number;
    }
}
