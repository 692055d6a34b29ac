package io.efsnas.driver.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.driver.config.SearchConfig;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingCostsTest {

    /** Three supernets of 1000 steps in 10 rounds, the first half of them in a warm start that stands for all three. */
    private static TrainingCosts costs(String further) {
        return new TrainingCosts(SearchPlan.loadForCosts(
                SearchConfig.parse("data { format = cifar10, train = [/none] }\nspace.groups = [[0, 1], [2], [3]]\n"
                        + "training { steps = 1000, rounds = 10 }\n" + further),
                new Configuration()));
    }

    /** Against sums by hand, with steps of 2 s for the whole space, and of 1, 2 and 4 s for its parts. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    # one after the other: 3 * 500 * 2 + 500 * (1 + 2 + 4)
                    1; training.workers = 1; 6500
                    # the warm start has one device; then the slowest decides: 3 * 500 * 2 + 500 * 4
                    3; training.workers = 1; 5000
                    # the slowest takes longer than the other two: 3 * 500 * 2 + 500 * 4
                    2; training.workers = 1; 5000
                    # three workers share the warm start: 500 * 2 + 500 * 4
                    3; training.workers = 3; 3000
                    # the same, where the cluster decides
                    3; training.workers = auto; 3000
                    # no warm start: the slowest of three
                    3; training.sharing.mode = independent; 4000
                    """)
    void secondsFollowThePhasesAndTheDevices(int devices, String setting, double seconds) {
        Map<String, Double> step = Map.of("root", 2.0, "0", 1.0, "1", 2.0, "2", 4.0);

        assertThat(costs(setting).seconds(devices, step)).isCloseTo(seconds, within(0.01));
    }

    /** Gradients of 10 batches for one choice after the other are so many steps, in which one device measures. */
    @ParameterizedTest
    @CsvSource({"1", "8"})
    void measuringForTheSplitsCounts(int devices) {
        String setting = "space.splitter = gradient, splitters.gradient.batches = 10, training.workers = 1";
        TrainingCosts costs = costs(setting);
        Map<String, Double> step = Map.of("root", 2.0);

        double training = devices == 1 ? 2 * 1000 * 2.0 : 2 * 500 * 2 + 500 * 2.0;

        assertThat(costs.seconds(devices, step)).isCloseTo(training + 2 * costs.measuringSteps(), within(0.01));
        assertThat(costs.measuringSteps()).isPositive();
    }
}
