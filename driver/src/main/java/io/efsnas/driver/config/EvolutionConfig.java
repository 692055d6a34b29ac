package io.efsnas.driver.config;

import java.util.Map;

/**
 * How an evolution breeds architectures.
 *
 * @param population architectures in a generation
 * @param generations the first, random one among them
 * @param parents how many of the best so far have children
 * @param crossover children of two parents in a generation
 * @param mutation children of one parent in a generation; together with {@code crossover} at most the population
 * @param mutationProbability the probability that a choice of an architecture is drawn again
 */
public record EvolutionConfig(
        int population, int generations, int parents, int crossover, int mutation, double mutationProbability) {

    static EvolutionConfig read(Section section) {
        EvolutionConfig evolution = new EvolutionConfig(
                section.intAtLeast("population", 1),
                section.intAtLeast("generations", 1),
                section.intAtLeast("parents", 1),
                section.intAtLeast("crossover", 0),
                section.intAtLeast("mutation", 0),
                section.number(
                        "mutation-probability",
                        probability -> probability > 0 && probability <= 1,
                        "a number above 0 and at most 1"));
        if (evolution.crossover > evolution.population) {
            throw section.refuse("crossover", "expected at most population = " + evolution.population);
        }
        if (evolution.mutation > evolution.population - evolution.crossover) {
            throw section.refuse(
                    "mutation",
                    "expected at most what crossover = " + evolution.crossover + " leaves of population = "
                            + evolution.population);
        }
        return evolution;
    }

    /** The same budget spent on random architectures alone. */
    public EvolutionConfig withoutChildren() {
        return new EvolutionConfig(population, generations, parents, 0, 0, mutationProbability);
    }

    Map<String, Object> toMap() {
        return Map.of(
                "population", population,
                "generations", generations,
                "parents", parents,
                "crossover", crossover,
                "mutation", mutation,
                "mutation-probability", mutationProbability);
    }
}
