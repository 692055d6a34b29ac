package io.efsnas.driver.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.rule.Columns;
import io.efsnas.driver.rule.MeasuredSubnet;
import io.efsnas.driver.statistics.Correlation;
import io.efsnas.scoring.SubnetScore;
import io.efsnas.space.Architecture;
import io.efsnas.space.Enumeration;
import io.efsnas.split.SupernetTree;
import io.efsnas.supernet.Evaluation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ReliabilityCheckTest {

    private static final int IMAGES = 40;

    private static SearchPlan plan;
    /** Five of subspace 0, then three of subspace 1. */
    private static List<Architecture> architectures;

    @BeforeAll
    static void plan() {
        plan = SearchPlan.load(
                SearchConfig.parse(
                        """
                        space.groups = [[0, 1], [2, 3]]
                        data { train = ["%s"], limit = 100 }
                        training.batch = 50
                        scoring { images = %d, repeated-architectures = 3 }
                        """
                                .formatted(
                                        Path.of("../conf/data/fashion-mnist/t10k-images-idx3-ubyte.gz")
                                                .toAbsolutePath()
                                                .normalize(),
                                        IMAGES)),
                new Configuration());
        architectures = IntStream.of(5, 3)
                .boxed()
                .flatMap(size -> Enumeration.connected(plan.space())
                        .filter(architecture -> plan.knownTree().indexOfLeaf(architecture) == (size == 5 ? 0 : 1))
                        .limit(size))
                .toList();
    }

    @Test
    void samplesAtEvenDistancesInTheOrderOfTheAccuracies() {
        ReliabilityCheck check =
                check(scores(new int[] {3, 1, 5, 2, 4, 20, 19, 18}, new int[] {0, 0, 0, 0, 0, 0, 0, 0}));

        // Of five, those ranked 1, 2 and 4 (0, 5/3 and 10/3 rounded down); of three, all.
        assertThat(check.sample())
                .containsExactly(
                        architectures.get(2),
                        architectures.get(4),
                        architectures.get(3),
                        architectures.get(5),
                        architectures.get(6),
                        architectures.get(7));
    }

    @Test
    void comparesHalvesAndCheckpointsOfTheSameArchitectures() {
        List<SubnetScore> scores = scores(new int[] {1, 2, 3, 4, 5, 10, 11, 12}, new int[] {2, 4, 6, 8, 9, 12, 11, 10});
        List<SubnetScore> reversed =
                new ArrayList<>(scores(new int[] {10, 8, 6, 4, 2, 9, 9, 9}, new int[] {0, 0, 0, 0, 0, 0, 0, 0}));
        Collections.reverse(reversed);

        Reliability reliability = check(scores).of(scores, reversed);

        assertThat(reliability.images()).isEqualTo(IMAGES);
        assertThat(reliability.halves().subspaces())
                .isEqualTo(Map.of("0", new Correlation(5, 1, 1), "1", new Correlation(3, -1, -1)));
        assertThat(reliability.checkpoints().orElseThrow().subspaces())
                .isEqualTo(Map.of("0", new Correlation(5, -1, -1), "1", new Correlation(3, Double.NaN, Double.NaN)));
        assertThat(reliability.prior().overall().architectures()).isEqualTo(8);
    }

    @Test
    void oneBatchHasNoHalvesToCompare() {
        List<SubnetScore> scores = architectures.stream()
                .map(architecture ->
                        new SubnetScore(architecture, evaluation(architectures.indexOf(architecture)), Evaluation.NONE))
                .toList();

        Reliability reliability = check(scores).of(scores, List.of());

        assertThat(reliability.ofAccuracy()).isNaN();
        assertThat(reliability.checkpoints()).isEmpty();
    }

    private static ReliabilityCheck check(List<SubnetScore> scores) {
        SupernetTree tree = plan.knownTree();
        return new ReliabilityCheck(
                plan, tree, scores.stream().map(score -> row(tree, score)).toList());
    }

    private static MeasuredSubnet row(SupernetTree tree, SubnetScore score) {
        return new MeasuredSubnet(
                score.architecture(),
                tree.leafOf(score.architecture()).id(),
                Columns.LEARNED,
                List.of(score.evaluation().accuracy(), score.evaluation().loss()));
    }

    private static List<SubnetScore> scores(int[] even, int[] odd) {
        return IntStream.range(0, even.length)
                .mapToObj(i -> new SubnetScore(architectures.get(i), evaluation(even[i]), evaluation(odd[i])))
                .toList();
    }

    private static Evaluation evaluation(int correct) {
        return new Evaluation(IMAGES / 2, correct, 1);
    }
}
