package io.efsnas.driver.selection;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.driver.ranking.ScoredSubnet;
import io.efsnas.space.Architecture;
import java.util.List;
import org.junit.jupiter.api.Test;

class GenerationTest {

    @Test
    void summarizesTheLastGenerationAndAll() {
        List<Individual> individuals =
                List.of(individual(1, 0.75), individual(1, 0.125), individual(2, 0.25), individual(2, 0.5));

        assertThat(Generation.last(individuals)).isEqualTo(new Generation(2, 2, 0.5, 0.375, 4, 0.75));
    }

    private static Individual individual(int generation, double accuracy) {
        return new Individual(generation, Origin.RANDOM, new ScoredSubnet(Architecture.of(1), 0, 0, accuracy, 1, 1, 1));
    }
}
