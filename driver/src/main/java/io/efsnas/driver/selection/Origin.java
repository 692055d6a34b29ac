package io.efsnas.driver.selection;

import java.util.Locale;

/** How a generation came by an architecture. */
public enum Origin {
    RANDOM,
    CROSSOVER,
    MUTATION;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
