package io.efsnas.driver.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.driver.config.EvolutionConfig;
import io.efsnas.space.Architecture;
import io.efsnas.space.ChainSpace;
import io.efsnas.space.SearchSpace;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The genetic operators, on a chain of 21 blocks, 6 of which have six alternatives and 15 seven. */
class BreedingTest {

    private static final SearchSpace SPACE = ChainSpace.MOBILE_NET;
    private static final int POSITIONS = SPACE.choices().size();
    private static final Architecture ZEROS = allOf(0);
    private static final Architecture ONES = allOf(1);

    @Test
    void crossoverTakesEachChoiceFromEitherParent() {
        List<Architecture> children = children(new EvolutionConfig(2000, 2, 2, 2000, 0, 0.1), List.of(ZEROS, ONES));

        assertThat(children).hasSize(2000).allSatisfy(child -> assertThat(child.choices())
                .containsOnly(0, 1));
        for (int position = 0; position < POSITIONS; position++) {
            int at = position;
            assertThat(children.stream()
                            .mapToInt(child -> child.choice(at))
                            .average()
                            .orElseThrow())
                    .isCloseTo(0.5, within(0.05));
        }
    }

    /** A choice that is drawn anew is the parent's again in one of six or seven cases; children without any are none. */
    @Test
    void mutationDrawsEachChoiceAnewWithItsProbability() {
        List<Architecture> children = children(new EvolutionConfig(5000, 2, 1, 0, 5000, 0.5), List.of(ZEROS));

        assertThat(children).hasSize(5000);
        for (int position = 0; position < POSITIONS; position++) {
            int alternatives = SPACE.choices().get(position);
            int at = position;
            for (int choice = 1; choice < alternatives; choice++) {
                int changed = choice;
                assertThat(children.stream()
                                        .filter(child -> child.choice(at) == changed)
                                        .count()
                                / 5000.0)
                        .isCloseTo(0.5 / alternatives, within(0.02));
            }
        }
    }

    @Test
    void randomOnesFillUpWhereParentsHaveNoMoreNewChildren() {
        Map<Architecture, Origin> candidates =
                breeding(new EvolutionConfig(10, 2, 1, 6, 0, 0.1)).candidates(2, List.of(ZEROS), List.of(ZEROS));

        assertThat(candidates.values()).hasSize(10).containsOnly(Origin.RANDOM);
    }

    @Test
    void generationDrawsItsOwnCandidates() {
        Breeding breeding = breeding(new EvolutionConfig(10, 2, 1, 3, 3, 0.1));

        assertThat(breeding.candidates(2, List.of(), List.of()))
                .isEqualTo(breeding.candidates(2, List.of(), List.of()))
                .isNotEqualTo(breeding.candidates(3, List.of(), List.of()));
    }

    private static List<Architecture> children(EvolutionConfig config, List<Architecture> parents) {
        return List.copyOf(breeding(config).candidates(2, parents, parents).keySet());
    }

    private static Breeding breeding(EvolutionConfig config) {
        return new Breeding(SPACE, any -> true, config, 1);
    }

    private static Architecture allOf(int choice) {
        return new Architecture(Collections.nCopies(POSITIONS, choice));
    }
}
