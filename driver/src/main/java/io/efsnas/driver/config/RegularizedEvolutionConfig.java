package io.efsnas.driver.config;

import java.util.Map;

/**
 * How a regularized evolution breeds architectures.
 *
 * @param population architectures that live at a time
 * @param sample how many of them, drawn with repetition, compete to be a parent
 * @param children architectures in a generation, after the first one, which is the population
 * @param architectures of all generations together, at least the population
 */
public record RegularizedEvolutionConfig(int population, int sample, int children, int architectures) {

    static RegularizedEvolutionConfig read(Section section) {
        RegularizedEvolutionConfig evolution = new RegularizedEvolutionConfig(
                section.intAtLeast("population", 1),
                section.intAtLeast("sample", 1),
                section.intAtLeast("children", 1),
                section.intAtLeast("architectures", 1));
        if (evolution.children > evolution.population) {
            throw section.refuse("children", "expected at most population = " + evolution.population);
        }
        if (evolution.architectures < evolution.population) {
            throw section.refuse("architectures", "expected at least population = " + evolution.population);
        }
        return evolution;
    }

    Map<String, Object> toMap() {
        return Map.of("population", population, "sample", sample, "children", children, "architectures", architectures);
    }
}
