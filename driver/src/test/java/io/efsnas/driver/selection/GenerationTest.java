package io.efsnas.driver.selection;

import static io.efsnas.driver.ranking.Subnets.subnet;
import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.space.Architecture;
import java.util.List;
import org.junit.jupiter.api.Test;

class GenerationTest {

    @Test
    void summarizesTheLastGenerationAndAll() {
        List<Individual> individuals =
                List.of(individual(1, 0.75), individual(1, 0.125), individual(2, 0.25), individual(2, 0.5));

        assertThat(Generation.last(individuals, "accuracy"))
                .isEqualTo(new Generation(2, 2, "accuracy", 0.5, 0.375, 4, 0.75));
        assertThat(Generation.last(individuals, "loss")).isEqualTo(new Generation(2, 2, "loss", 1.5, 1.625, 4, 1.25));
    }

    private static Individual individual(int generation, double accuracy) {
        return new Individual(
                generation,
                Origin.RANDOM,
                subnet(Architecture.of(1), "0", 0, accuracy, 2 - accuracy, 1, 1).measured());
    }
}
