package io.efsnas.job;

import java.io.Serializable;

/**
 * What one of several workers did of a round on one device.
 *
 * @param worker which one, from 0
 * @param begun when its first steps there began, in milliseconds since 1970 by the clock of the device's host
 * @param wallSeconds from then to the end of its last steps there
 * @param steps the number of steps that it took there
 * @param seconds what it took in all, without waiting for the others
 */
public record WorkerReport(int worker, TaskPlace place, long begun, double wallSeconds, long steps, double seconds)
        implements Serializable {

    /** Of some of its steps. */
    public static WorkerReport of(int worker, RoundReport share) {
        return new WorkerReport(
                worker,
                share.place(),
                share.begun(),
                share.seconds(),
                share.metrics().toStep() - share.metrics().fromStep(),
                share.seconds());
    }

    /** With what it did there later. */
    public WorkerReport plus(WorkerReport later) {
        double begunLater = (later.begun - begun) / 1e3;
        return new WorkerReport(
                worker,
                place,
                begun,
                Math.max(wallSeconds, begunLater + later.wallSeconds),
                steps + later.steps,
                seconds + later.seconds);
    }
}
