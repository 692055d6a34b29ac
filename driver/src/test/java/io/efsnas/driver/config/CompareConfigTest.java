package io.efsnas.driver.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.efsnas.driver.config.ScoredArchitectures.Sampled;
import io.efsnas.driver.process.UserMistake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompareConfigTest {

    @TempDir
    private Path directory;

    private CompareConfig config(String settings, String... overrides) throws IOException {
        Path file = Files.writeString(directory.resolve("compare.conf"), "data.train = [images]\n" + settings);
        return CompareConfig.load(Optional.of(file), List.of(overrides));
    }

    @Test
    void overridesComeBeforeVariantsTheseBeforeStrategiesAndTheseBeforeTheFile() throws IOException {
        CompareConfig config = config(
                """
                space.subspaces = 4
                training { batch = 32, momentum = 0.5, subnets-per-step = 3 }
                compare {
                  strategies = [one-shot, mine]
                  variants.mine { strategy = one-shot, training { momentum = 0.6, weight-decay = 0.1 } }
                }
                """,
                "training.weight-decay=0.2");

        SearchConfig oneShot = config.search("one-shot", Map.of());
        SearchConfig mine = config.search("mine", Map.of("seed", 5L));

        assertThat(oneShot.strategy()).isEqualTo("one-shot");
        assertThat(oneShot.space().subspaces()).isEqualTo(1); // of the strategy
        assertThat(oneShot.training().batch()).isEqualTo(32); // of the file
        assertThat(oneShot.training().momentum()).isEqualTo(0.5);
        assertThat(oneShot.training().weightDecay()).isEqualTo(0.2); // of the override
        assertThat(mine.space().subspaces()).isEqualTo(1);
        assertThat(mine.training().momentum()).isEqualTo(0.6); // of the variant
        assertThat(mine.training().weightDecay()).isEqualTo(0.2);
        assertThat(mine.training().scheme().subnetsPerStep()).isEqualTo(3);
        assertThat(mine.seed()).isEqualTo(5);
        assertThat(config.own().space().subspaces()).isEqualTo(4);
    }

    @Test
    void variantOfTheNameOfAStrategyChangesThat() throws IOException {
        CompareConfig config =
                config("compare { strategies = [gm-nas], variants.gm-nas { splitters.gradient.batches = 7 } }");

        assertThat(config.search("gm-nas", Map.of()).space().settings())
                .containsEntry("batches", 7)
                .containsEntry("levels", 2);
    }

    @Test
    void itKnowsWhoSetsAKey() throws IOException {
        CompareConfig config = config(
                """
                scoring.architectures = 9
                compare { strategies = [one-shot, few], variants.few { scoring.architectures = 5 } }
                """);

        assertThat(config.sets("one-shot", "scoring.architectures")).isFalse();
        assertThat(config.sets("few", "scoring.architectures")).isTrue();
        assertThat(config.search("few", Map.of()).scoring().architectures()).isEqualTo(new Sampled(5));
    }

    @Test
    void searchesIgnoreTheSection() throws IOException {
        Path file = Files.writeString(
                directory.resolve("search.conf"),
                "data.train = [images]\ncompare { strategies = [], variants.x { any = thing } }");

        assertThat(SearchConfig.load(Optional.of(file), List.of()).render()).doesNotContain("compare");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    strategies = [one-shot, one-shot]; compare.strategies: ["one-shot","one-shot"] is not accepted
                    strategies = []; expected at least one, and none twice
                    strategies = [two-shot]; there is no strategy two-shot
                    strategies = [Mine], variants.Mine {}; there is no strategy Mine
                    seeds = [1, 1]; compare.seeds: [1,1] is not accepted
                    seeds = [1.5]; expected a list of whole numbers
                    cost = 0; compare.cost: 0 is not accepted
                    table = 7; compare.table: 7 is not accepted
                    searches-at-a-time = 0; compare.searches-at-a-time: 0 is not accepted
                    variant {}; compare.variant: there is no such key
                    """)
    void mistakes(String settings, String message) {
        assertThatThrownBy(() -> config("compare { " + settings + " }"))
                .isInstanceOf(UserMistake.class)
                .hasMessageContaining(message);
    }

    @Test
    void mistakesOfAVariantNameItAndItsKey() throws IOException {
        CompareConfig config = config("compare { strategies = [mine], variants.mine { training.momento = 1 } }");

        assertThatThrownBy(() -> config.search("mine", Map.of()))
                .isInstanceOf(UserMistake.class)
                .hasMessageContaining("strategy mine: training.momento: there is no such key")
                .hasMessageContaining("compare.conf: 2");
    }
}
