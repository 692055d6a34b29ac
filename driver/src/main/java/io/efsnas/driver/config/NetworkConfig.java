package io.efsnas.driver.config;

import java.util.Map;

/**
 * The final network.
 *
 * @param channels of the first stage
 * @param cells in each stage
 */
public record NetworkConfig(int channels, int cells) {

    static NetworkConfig read(Section section) {
        return new NetworkConfig(section.intAtLeast("channels", 1), section.intAtLeast("cells", 1));
    }

    Map<String, Object> toMap() {
        return Map.of("channels", channels, "cells", cells);
    }
}
