package io.efsnas.driver.config;

import io.efsnas.space.SearchSpace;
import io.efsnas.supernet.Precision;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The supernets.
 *
 * @param engine the name of the tensor library
 * @param channels the number of channels of the first stage of each subspace's supernet, in the order of the subspaces
 * @param cells the number of cells in each stage
 * @param affine whether batch norms learn a scale and a shift of each channel
 * @param threads the number of threads of one supernet; empty for the cores that Spark gives a task
 * @param precision the precision in which supernets compute
 */
public record SupernetConfig(
        String engine, List<Integer> channels, int cells, boolean affine, OptionalInt threads, Precision precision) {

    static SupernetConfig read(Section section, NetworkConfig network, SearchSpace space, int subspaces) {
        return new SupernetConfig(
                section.text("engine"),
                channels(section, network.channels(), subspaces),
                NetworkConfig.cells(section, space).orElse(network.cells()),
                section.bool("affine"),
                section.intAtLeastOr("threads", 1, "auto"),
                section.oneOf("precision", Precision.class));
    }

    private static List<Integer> channels(Section section, int finalChannels, int subspaces) {
        String expected = "expected auto, a whole number of at least 1, or a list of " + subspaces
                + " of them, one for each subspace";
        if (section.isList("channels")) {
            List<Integer> channels = section.ints("channels", 1, expected);
            if (channels.size() != subspaces) {
                throw section.refuse("channels", expected);
            }
            return channels;
        }
        if (!section.is("channels", "auto")) {
            return Collections.nCopies(subspaces, section.intAtLeast("channels", 1, expected));
        }
        if (finalChannels < subspaces) {
            throw section.refuse(
                    "channels",
                    "network.channels = " + finalChannels + " shared by " + subspaces + " supernets leaves none; "
                            + expected);
        }
        return Collections.nCopies(subspaces, finalChannels / subspaces);
    }

    Map<String, Object> toMap() {
        return Map.of(
                "engine", engine,
                "channels", channels,
                "cells", cells,
                "affine", affine,
                "threads", Section.orWord(threads, "auto"),
                "precision", Key.of(precision));
    }
}
