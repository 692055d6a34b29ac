package io.efsnas.driver.config;

import java.util.Map;

/**
 * What is kept of the supernets.
 *
 * @param keep how many of each supernet's newest checkpoints
 */
public record CheckpointsConfig(int keep) {

    static CheckpointsConfig read(Section section) {
        return new CheckpointsConfig(section.intAtLeast("keep", 1));
    }

    Map<String, Object> toMap() {
        return Map.of("keep", keep);
    }
}
