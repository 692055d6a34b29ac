package io.efsnas.driver.flow;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.process.UserMistake;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a space cannot do with some settings is known before a search begins. */
class PlanChecksTest {

    private static SearchPlan plan(String space, String retrain) {
        return SearchPlan.load(
                SearchConfig.parse(
                        """
                        space.name = %s
                        ranking.rule = accuracy
                        data { train = ["%s"], limit = 100 }
                        training.batch = 20
                        retrain { %s }
                        """
                                .formatted(
                                        space,
                                        Path.of("../conf/data/fashion-mnist/t10k-images-idx3-ubyte.gz")
                                                .toAbsolutePath(),
                                        retrain)),
                new Configuration());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    nas-bench-201 | auxiliary-weight = 0.4 | retrain.auxiliary-weight: 0.4 is not accepted; expected 0, since networks of this space have no place for an auxiliary head
                    mobilenet     | auxiliary-weight = 1   | retrain.auxiliary-weight: 1.0 is not accepted; expected 0, since networks of this space have no place for an auxiliary head
                    """)
    void refusesAnAuxiliaryHeadWithoutAPlace(String space, String retrain, String line) {
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> plan(space, retrain))
                .withMessage(line);
    }

    @Test
    void knowsWhichSpacesHaveWhatTheRecipeAsksFor() {
        assertThatNoException().isThrownBy(() -> plan("darts", "drop-path = 0.2, auxiliary-weight = 0.4"));
        assertThatNoException().isThrownBy(() -> plan("nas-bench-201", "drop-path = 0.2"));
        assertThatNoException().isThrownBy(() -> plan("mobilenet", "drop-path = 0.2"));
    }
}
