package io.efsnas.driver.spark;

import io.efsnas.job.WorkerReport;
import java.util.List;
import java.util.Locale;

/** Finds workers of a round for which the others wait. */
final class SlowWorkers {

    /** How many times as long as the worker in the middle one takes that is called slow. */
    private static final double SLOW = 1.5;

    private SlowWorkers() {}

    /** A line for each that takes much longer for a step than the one in the middle. */
    static List<String> in(List<WorkerReport> workers) {
        double middle = workers.stream()
                .mapToDouble(SlowWorkers::secondsOfAStep)
                .sorted()
                .skip((workers.size() - 1) / 2)
                .findFirst()
                .orElse(0);
        return workers.stream()
                .filter(worker -> secondsOfAStep(worker) > SLOW * middle)
                .map(worker -> String.format(
                        Locale.ROOT,
                        "worker %d on %s of %s takes %.1f times as long for a step as others, which wait for it",
                        worker.worker(),
                        worker.place().device(),
                        worker.place().host(),
                        secondsOfAStep(worker) / middle))
                .toList();
    }

    private static double secondsOfAStep(WorkerReport worker) {
        return worker.seconds() / worker.steps();
    }
}
