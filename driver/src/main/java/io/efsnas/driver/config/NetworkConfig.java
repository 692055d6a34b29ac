package io.efsnas.driver.config;

import io.efsnas.space.SearchSpace;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The final network.
 *
 * @param channels the number of channels of the first stage
 * @param cells the number of cells in each stage, or of the whole network
 */
public record NetworkConfig(int channels, int cells) {

    private static final String AUTO = "auto";
    private static final String CELLS = "cells";

    static NetworkConfig read(Section section, SearchSpace space) {
        return new NetworkConfig(
                section.intAtLeastOr("channels", 1, AUTO).orElse(space.standardChannels()),
                cells(section, space).orElse(space.standardCells().orElse(1)));
    }

    /**
     * The number of cells, empty for {@code auto}; a space that stacks none has 1.
     *
     * @param section that of the final network or that of the supernets
     */
    static OptionalInt cells(Section section, SearchSpace space) {
        OptionalInt cells = section.intAtLeastOr(CELLS, space.fewestCells(), AUTO);
        if (cells.orElse(1) > 1 && space.standardCells().isEmpty()) {
            throw section.refuse(CELLS, "expected auto or 1, since networks of " + space.name() + " repeat no cell");
        }
        return cells;
    }

    Map<String, Object> toMap() {
        return Map.of("channels", channels, "cells", cells);
    }
}
