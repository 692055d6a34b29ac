package io.efsnas.driver.config;

import java.util.Map;
import java.util.OptionalLong;

/**
 * Which architectures are scored for one to be selected.
 *
 * @param seed the seed of the random numbers that draw architectures; empty for that of the run
 * @param evolution also what a random search takes its budget from
 * @param regularized how a regularized evolution breeds
 */
public record SelectionConfig(
        Strategy strategy, OptionalLong seed, EvolutionConfig evolution, RegularizedEvolutionConfig regularized) {

    private static final String REGULARIZED = "regularized-evolution";

    /** How architectures are found. */
    public enum Strategy {
        /** All of them, or a sample of each subspace, whatever they cost. */
        RANKING,
        /** Drawn from those within the limits. */
        RANDOM,
        /** Bred from the best within the limits. */
        EVOLUTION,
        /** Bred from the best of samples of the youngest within the limits. */
        REGULARIZED_EVOLUTION
    }

    static SelectionConfig read(Section section) {
        return new SelectionConfig(
                section.oneOf("strategy", Strategy.class),
                section.longAtLeastOr("seed", 0, "auto"),
                EvolutionConfig.read(section.section("evolution")),
                RegularizedEvolutionConfig.read(section.section(REGULARIZED)));
    }

    Map<String, Object> toMap() {
        return Map.of(
                "strategy",
                Key.of(strategy),
                "seed",
                Section.orWord(seed, "auto"),
                "evolution",
                evolution.toMap(),
                REGULARIZED,
                regularized.toMap());
    }
}
