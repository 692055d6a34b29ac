package io.efsnas.driver.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.network.Shape;
import io.efsnas.space.Architecture;
import io.efsnas.space.Enumeration;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.split.Evidence;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.Splitter;
import io.efsnas.split.Subspace;
import io.efsnas.split.SupernetNode;
import io.efsnas.split.SupernetTree;
import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class TreePlanTest {

    private static TreePlan plan(String settings) {
        SearchConfig config = SearchConfig.parse(
                "data.train = [/images], training { steps = 100, rounds = 10 }, network.channels = 16\n" + settings);
        return new TreePlan(config, new Shape(1, 28, 28), 10);
    }

    /** Random distances of choices at all positions. */
    private static Optional<Evidence> random(SupernetNode node) {
        Random random = new Random(node.key());
        Map<String, Double> distances = new TreeMap<>();
        for (int position = 0; position < 6; position++) {
            for (int a = 0; a < 5; a++) {
                for (int b = a + 1; b < 5; b++) {
                    distances.put("position " + position + ": " + a + "-" + b, random.nextDouble());
                }
            }
            distances.put("position " + position + ": cut", random.nextDouble());
        }
        return Optional.of(Evidence.of(distances));
    }

    private static void assertPartition(SupernetTree tree) {
        for (Architecture architecture : Enumeration.connected(tree.space()).toList()) {
            assertThat(tree.leaves().stream().filter(leaf -> leaf.subspace().contains(architecture)))
                    .hasSize(1);
        }
    }

    @Test
    void twoLevelsAreThreePhasesWithEqualStepsOfTheWarmStart() {
        TreePlan plan = plan("strategy = gm-nas, training.sharing.warm-start-share = 0.4");

        SupernetTree tree = plan.grown(TreePlanTest::random);

        assertThat(plan.phases())
                .extracting(planned -> planned.phase().fromRound(), planned -> planned.phase()
                        .toRound())
                .containsExactly(tuple(0, 2), tuple(2, 4), tuple(4, 10));
        assertThat(tree.nodes())
                .extracting(SupernetNode::id)
                .containsExactly("root", "0", "1", "0.0", "0.1", "1.0", "1.1");
        assertThat(tree.nodes()).extracting(SupernetNode::width).containsExactly(4, 2, 2, 1, 1, 1, 1);
        assertThat(tree.nodes())
                .extracting(node -> node.lastStep() - node.firstStep())
                .containsExactly(80L, 40L, 40L, 60L, 60L, 60L, 60L);
        assertThat(tree.leaves()).allMatch(leaf -> leaf.size().channels() == 4);
        assertThat(plan.isComplete(tree)).isTrue();
        assertPartition(tree);
    }

    /** However the space is split. */
    @Test
    void onlyTheSupernetsAtTheEndBeginAnew() {
        for (String settings : List.of(
                "strategy = gm-nas",
                "strategy = nas-lid",
                "strategy = few-shot-nas",
                "strategy = efs-nas",
                "strategy = one-to-few, training.sharing.warm-start-share = 0.5")) {
            TreePlan plan = plan(settings + ", training.sharing.restart = final");

            SupernetTree tree = plan.grown(TreePlanTest::random);

            assertThat(plan.isComplete(tree)).as(settings).isTrue();
            assertThat(tree.nodes())
                    .as(settings)
                    .allMatch(node -> node.phase().restarts() == tree.leaves().contains(node));
            assertThat(tree.nodes())
                    .usingRecursiveComparison()
                    .ignoringFields("phase.restarts")
                    .isEqualTo(plan(settings).grown(TreePlanTest::random).nodes());
        }
        assertThat(plan("strategy = gm-nas").phases())
                .noneMatch(phase -> phase.phase().restarts());
    }

    /** The second of two is kept, the third of its four, and the sixth of that one's eight. */
    private static Optional<String> kept(SupernetNode node) {
        return Optional.ofNullable(
                Map.of("root", "1", "1", "1.2", "1.2", "1.2.5").get(node.id()));
    }

    @Test
    void ofEachHierarchyOnePartIsKeptAndAllTakeTheStepsOfTheirPhase() {
        TreePlan plan = plan("strategy = hep-nas");

        SupernetTree tree = plan.grown(TreePlanTest::random, TreePlanTest::kept);

        assertThat(plan.phases())
                .extracting(planned -> planned.phase().fromRound(), planned -> planned.phase()
                        .toRound())
                .containsExactly(tuple(0, 2), tuple(2, 5), tuple(5, 8), tuple(8, 10));
        assertThat(plan.phases()).allMatch(planned -> planned.phase().lockstep());
        assertThat(tree.nodes())
                .extracting(SupernetNode::id)
                .containsExactly(
                        "root", "0", "1", "1.0", "1.1", "1.2", "1.3", "1.2.0", "1.2.1", "1.2.2", "1.2.3", "1.2.4",
                        "1.2.5", "1.2.6", "1.2.7");
        assertThat(tree.nodes())
                .allMatch(node -> node.width() == 1 && node.size().channels() == 16);
        assertThat(List.of("root", "0", "1.3", "1.2.7").stream()
                        .map(tree::node)
                        .map(node -> node.lastStep() - node.firstStep()))
                .containsExactly(20L, 30L, 30L, 20L);
        assertThat(tree.leaves()).extracting(SupernetNode::id).containsExactly("1.2.5");
        assertThat(plan.isComplete(tree)).isTrue();
        assertThat(plan.steps()).isEqualTo(20 + 2 * 30 + 4 * 30 + 8 * 20);
        assertThat(plan.conceivablyKept().flatMap(Subspace::size)).contains(BigInteger.valueOf(729));
        assertThat(plan("strategy = gm-nas").conceivablyKept()).isEmpty();
    }

    /** As a search is that was killed before one of the four was chosen, or of the eight. */
    @Test
    void nothingIsSplitAsLongAsNobodyKnowsWhatIsKept() {
        TreePlan plan = plan("strategy = hep-nas, schemes.mutual.teachers = parent");

        SupernetTree fourth = plan.grown(
                TreePlanTest::random, node -> kept(node).filter(id -> node.id().equals("root")));
        SupernetTree eighth =
                plan.grown(TreePlanTest::random, node -> kept(node).filter(id -> !id.equals("1.2.5")));

        assertThat(fourth.nodes()).hasSize(1 + 2 + 4);
        assertThat(plan.isUndecided(fourth, plan.phases().get(1))).isFalse();
        assertThat(plan.isUndecided(fourth, plan.phases().get(2))).isTrue();
        assertThat(plan.unsplit(fourth, plan.phases().get(2))).isEmpty();
        assertThat(eighth.nodes()).hasSize(1 + 2 + 4 + 8);
        assertThat(plan.isComplete(eighth)).isFalse();
        assertThat(plan.isComplete(eighth.keeping("1.2.0"))).isTrue();
        assertThat(plan.phases()).noneMatch(planned -> planned.phase().lockstep());
    }

    @Test
    void aProgressiveSplitMakesOnePartMoreAtEachLevel() {
        TreePlan plan = plan("strategy = one-to-few");

        SupernetTree tree = plan.grown(any -> Optional.empty());

        assertThat(tree.nodes())
                .extracting(node -> node.id() + " " + node.subspace().label() + " " + node.width())
                .containsExactly(
                        "root all 4",
                        "0 0,1 2",
                        "1 2,3 2",
                        "0.0 0 1",
                        "0.1 1 1",
                        "1.0 2,3 2",
                        "0.0.0 0 1",
                        "0.1.0 1 1",
                        "1.0.0 2 1",
                        "1.0.1 3 1");
        assertThat(tree.nodes())
                .extracting(node -> node.lastStep() - node.firstStep())
                .containsExactly(80L, 60L, 60L, 30L, 30L, 60L, 20L, 20L, 20L, 20L);
        assertThat(plan.isComplete(tree)).isTrue();
        assertPartition(tree);
    }

    @Test
    void aProgressiveSplitNeedsAWarmStart() {
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> plan("strategy = one-to-few, training.sharing.mode = shared-parts"))
                .withMessageStartingWith("training.sharing.mode: shared-parts is not accepted; expected warm-start");
    }

    @Test
    void aSchemeOfLessonsNeedsAnEngineThatTakesThem() {
        assertThat(plan("strategy = pi-nas").engineNeeds()).containsExactly(EngineNeed.LESSONS);
        assertThat(plan("strategy = pi-nas-label-free").engineNeeds()).containsExactly(EngineNeed.LESSONS);
        assertThat(plan("strategy = gm-nas, training.scheme = dynamic").engineNeeds())
                .containsExactly(EngineNeed.LESSONS);
        assertThat(plan("strategy = efs-nas").engineNeeds()).isEmpty();
    }

    /** As a search is that was killed between two splits of a level. */
    @Test
    void ofATreeThatIsPartlyMeasuredTheRestIsLeftToSplit() {
        TreePlan plan = plan("strategy = gm-nas");
        Function<SupernetNode, Optional<Evidence>> firstAlone =
                node -> node.id().equals("1") ? Optional.empty() : random(node);

        SupernetTree tree = plan.grown(firstAlone);

        assertThat(plan.isComplete(tree)).isFalse();
        assertThat(plan.unsplit(tree, plan.phases().get(1)))
                .extracting(SupernetNode::id)
                .containsExactly("1");
    }

    @Test
    void theWarmStartHasARoundBeforeEachLevel() {
        assertThat(plan("strategy = gm-nas, training.rounds = 3, training.sharing.warm-start-share = 0.01")
                        .phases())
                .extracting(planned -> planned.phase().rounds())
                .containsExactly(1, 1, 1);
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> plan("strategy = gm-nas, training.rounds = 2"))
                .withMessageStartingWith("training.rounds: 2 is not accepted; expected at least 3: with"
                        + " training.sharing.mode = warm-start the first are the warm start's");
    }

    @Test
    void anEdgeIsKnownBeforeAnythingIsTrained() {
        TreePlan plan = plan("strategy = few-shot-nas, splitters.edge.position = 3");

        SupernetTree tree = plan.grown(any -> Optional.empty());

        assertThat(tree.nodes())
                .extracting(node -> node.id() + " " + node.subspace().label())
                .containsExactly("root all", "0 3:0", "1 3:1", "2 3:2", "3 3:3", "4 3:4");
        assertThat(plan.isComplete(tree)).isTrue();
        assertPartition(tree);
        assertThat(plan("strategy = few-shot-nas, splitters.edge.position = 3, training.sharing.mode = shared-parts")
                        .roots()
                        .leaves())
                .hasSize(5);
    }

    @Test
    void theSeedOfTheSearchDrawsTheEdge() {
        List<String> drawn = List.of(1, 2, 3, 4, 5, 6, 7, 8).stream()
                .map(seed -> plan("strategy = few-shot-nas, seed = " + seed)
                        .grown(any -> Optional.empty())
                        .leaves()
                        .get(0)
                        .subspace()
                        .label())
                .toList();

        assertThat(drawn.stream().distinct()).hasSizeGreaterThan(2);
        assertThat(drawn).allMatch(label -> label.matches("[0-5]:0"));
    }

    @Test
    void aSchemeThatCannotTrainWhatIsMeasuredIsRefusedBefore() {
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(
                        () -> plan("strategy = gm-nas, training.scheme = fair").roots())
                .withMessage(
                        "training.scheme: fair is not accepted for a part such as 0:0,1; the positions of the subspace"
                                + " 0:0,1 have different numbers of choices: [2, 5]");
        assertThat(plan("strategy = few-shot-nas, training.scheme = fair")
                        .grown(any -> Optional.empty())
                        .leaves())
                .hasSize(5);
    }

    @Test
    void aTrainingBatchHasMoreImagesThanNeighbours() {
        assertThat(plan("strategy = nas-lid, training.batch = 21").roots().nodes())
                .hasSize(1);
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(
                        () -> plan("strategy = nas-lid, training.batch = 20").roots())
                .withMessage(
                        "splitters.dimension.neighbours: 20 is not accepted; expected fewer than the 20 images of a"
                                + " training batch");
    }

    /** As a splitter of a user's may make them. */
    @Test
    void aPartWithNothingToChooseIsRefused() {
        MaskSubspace whole = MaskSubspace.whole(new NasBench201Space());
        MaskSubspace single = new MaskSubspace(whole.space(), Collections.nCopies(6, List.of(3)));
        Splitter splitter = new Splitter() {
            @Override
            public int parts() {
                return 2;
            }

            @Override
            public List<Subspace> split(Subspace any, Evidence evidence) {
                return List.of(whole, single);
            }
        };

        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> TreePlan.parts(splitter, whole, Evidence.NONE))
                .withMessage("space.splitter: a part of all, 0:3 1:3 2:3 3:3 4:3 5:3, has 1 connected architecture(s);"
                        + " expected a split that leaves at least 2 in each part");
    }

    @Test
    void aSplitThatMeasuresNeedsAWarmStart() {
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> plan("strategy = gm-nas, training.sharing.mode = independent"))
                .withMessage(
                        "training.sharing.mode: independent is not accepted; expected warm-start, since supernets are"
                                + " trained before they are split in this way");
    }
}
