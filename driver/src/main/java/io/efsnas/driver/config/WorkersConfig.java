package io.efsnas.driver.config;

import java.util.Map;
import java.util.OptionalInt;

/**
 * How many workers train supernets at a time, and how those of one supernet are kept together.
 *
 * @param workers how many of all supernets are to be kept busy; empty for as many as tasks can run
 * @param averagingSteps how many steps each worker of a supernet takes before all of its workers are averaged
 */
public record WorkersConfig(OptionalInt workers, int averagingSteps) {

    static final String WORKERS = "workers";
    static final String AVERAGING = "averaging";

    private static final String STEPS = "steps";
    private static final String AUTO = "auto";

    static WorkersConfig read(Section training) {
        return new WorkersConfig(
                training.intAtLeastOr(WORKERS, 1, AUTO),
                training.section(AVERAGING).intAtLeast(STEPS, 1));
    }

    Object workersToValue() {
        return Section.orWord(workers, AUTO);
    }

    Map<String, Object> averagingToMap() {
        return Map.of(STEPS, averagingSteps);
    }
}
