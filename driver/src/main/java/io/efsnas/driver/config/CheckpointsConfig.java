package io.efsnas.driver.config;

import java.util.Map;
import java.util.OptionalLong;

/**
 * What is kept of the supernets.
 *
 * @param keep how many of each supernet's newest checkpoints are kept
 * @param everySteps the number of steps between checkpoints within a round; empty for none
 */
public record CheckpointsConfig(int keep, OptionalLong everySteps) {

    static CheckpointsConfig read(Section section) {
        return new CheckpointsConfig(section.intAtLeast("keep", 1), section.longAtLeastOr("every-steps", 1, "none"));
    }

    Map<String, Object> toMap() {
        return Map.of("keep", keep, "every-steps", Section.orWord(everySteps, "none"));
    }
}
