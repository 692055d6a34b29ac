package io.efsnas.driver.selection;

/** How a generation came by an architecture. */
public enum Origin {
    RANDOM,
    CROSSOVER,
    MUTATION
}
