package io.efsnas.driver.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.run.NodeRecord;
import io.efsnas.network.Shape;
import io.efsnas.split.SupernetNode;
import io.efsnas.split.SupernetTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PhaseWorkersTest {

    private static SearchConfig config(String settings) {
        return SearchConfig.parse("data { format = cifar10, train = [/images] }\n" + settings);
    }

    /** The workers of the warm start and of the supernets after it, and how often they were decided. */
    private static List<Integer> decided(String settings, int slots, List<NodeRecord> earlier) {
        SearchConfig config = config(settings);
        TreePlan plan = new TreePlan(config, new Shape(3, 32, 32), 10);
        SupernetTree tree = plan.grown(any -> Optional.empty());
        PhaseWorkers workers = new PhaseWorkers(config.training(), earlier, () -> slots);
        List<Integer> all = new ArrayList<>();
        int[] decisions = {0};
        for (PlannedPhase phase : plan.phases()) {
            List<SupernetNode> nodes = tree.in(phase.phase());
            all.add(workers.of(phase.phase(), nodes, () -> decisions[0]++).workers());
            assertThat(nodes)
                    .allSatisfy(
                            node -> assertThat(workers.of(node.id()).orElse(1)).isEqualTo(all.get(all.size() - 1)));
        }
        all.add(decisions[0]);
        return all;
    }

    @Test
    void theClusterDecidesIfNothingElseDoes() {
        assertThat(decided("training.workers = auto", 6, List.of())).containsExactly(6, 2, 2);
        assertThat(decided("training.workers = 2", 6, List.of())).containsExactly(2, 1, 2);
    }

    @Test
    void oneWorkerNeedsNoDecision() {
        assertThat(decided("", 6, List.of())).containsExactly(1, 1, 0);
        assertThat(decided("training { scheme = greedy, workers = auto }", 6, List.of()))
                .containsExactly(1, 1, 0);
    }

    @Test
    void whatAnEarlierProcessDecidedStays() {
        NodeRecord root = new NodeRecord("root", null, "all", null, 3, 5, 5, 1000, 4, null, null);
        NodeRecord undecided = new NodeRecord("0", "root", "0,1", null, 1, 5, 5, 1000, null, null, null);

        assertThat(decided("training.workers = auto", 6, List.of(root, undecided)))
                .containsExactly(4, 2, 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "efs-nas",
                "efs-nas-independent",
                "efs-nas-shared-parts",
                "eigen-nas",
                "fair-nas",
                "few-shot-nas",
                "gm-nas",
                "nas-lid",
                "one-shot",
                "one-to-few",
                "pi-nas",
                "dynas",
                "sigeo"
            })
    void everyStrategyKeepsThreeSixAndSixtyFourDevicesBusy(String strategy) {
        for (int devices : List.of(3, 6, 64)) {
            SearchPlan plan = SearchPlan.loadForCosts(
                    config("strategy = " + strategy + ", training.workers = " + devices), new Configuration());

            assertThat(new TrainingCosts(plan).efficiency())
                    .as("%s on %d devices", strategy, devices)
                    .isBetween(0.9, 1 + 1e-12);
        }
    }
}
