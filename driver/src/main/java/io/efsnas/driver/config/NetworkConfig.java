package io.efsnas.driver.config;

import java.util.Map;

/**
 * The final network.
 *
 * @param channels the number of channels of the first stage
 * @param cells the number of cells in each stage
 */
public record NetworkConfig(int channels, int cells) {

    static NetworkConfig read(Section section) {
        return new NetworkConfig(section.intAtLeast("channels", 1), section.intAtLeast("cells", 1));
    }

    Map<String, Object> toMap() {
        return Map.of("channels", channels, "cells", cells);
    }
}
