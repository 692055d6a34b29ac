package io.efsnas.training;

import java.io.Serializable;
import java.util.Map;

/**
 * Which scheme trains the supernets of a search, and how it is set.
 *
 * @param name of its provider
 * @param subnetsPerStep how many subnets a step trains where the scheme leaves this open
 * @param settings of its own, by key
 */
public record SchemeSpec(String name, int subnetsPerStep, Map<String, Object> settings) implements Serializable {

    public SchemeSpec {
        settings = Map.copyOf(settings);
    }

    /**
     * The scheme in its state before the first step of a supernet.
     *
     * @throws IllegalArgumentException saying what is wrong with a setting
     */
    public TrainingScheme create() {
        return TrainingSchemeProvider.named(name).create(this);
    }
}
