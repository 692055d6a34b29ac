package io.efsnas.training;

import java.io.Serializable;
import java.util.Map;

/**
 * Which scheme trains the supernets of a search, and how it is set.
 *
 * @param name the name of its provider
 * @param subnetsPerStep the number of subnets that a step trains, where the scheme leaves it open
 * @param settings its own settings by key
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

    /**
     * For a scheme that itself decides how many subnets a step trains.
     *
     * @param because the reason, as a sentence without an end
     * @throws IllegalArgumentException with that reason if another number than 1 is set
     */
    public void requireOneSubnetPerStep(String because) {
        if (subnetsPerStep != 1) {
            throw new IllegalArgumentException(
                    because + ", so training.subnets-per-step has to be 1, not " + subnetsPerStep);
        }
    }
}
