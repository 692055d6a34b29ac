package io.efsnas.driver.spark;

import java.util.List;
import java.util.stream.LongStream;

/**
 * How several workers train a supernet.
 *
 * @param workers how many; with one nothing is averaged
 * @param steps how many steps each takes, at most, before all are averaged
 */
public record WorkerPlan(int workers, int steps) {

    /**
     * The steps of a supernet after which its workers are averaged, at intervals as even as can be; the last is the end.
     *
     * @param fromStep steps taken before a round
     * @param toStep steps taken after it
     */
    List<Long> averagings(long fromStep, long toStep) {
        long taken = toStep - fromStep;
        long together = (long) workers * steps;
        long intervals = (taken + together - 1) / together;
        return LongStream.rangeClosed(1, intervals)
                .mapToObj(interval -> fromStep + taken * interval / intervals)
                .toList();
    }
}
