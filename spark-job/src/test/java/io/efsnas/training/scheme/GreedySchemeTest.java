package io.efsnas.training.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.data.Batch;
import io.efsnas.space.Architecture;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.split.SupernetNode;
import io.efsnas.split.SupernetTree;
import io.efsnas.split.TestTrees;
import io.efsnas.split.count.CountSplitter;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.Supernet;
import io.efsnas.training.HeldOutUse;
import io.efsnas.training.SchemeSpec;
import io.efsnas.training.StepContext;
import io.efsnas.training.TrainingScheme;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class GreedySchemeTest {

    private static final NasBench201Space SPACE = new NasBench201Space();
    private static final SupernetTree TREE = TestTrees.warmStart(SPACE, CountSplitter.even(SPACE, 3), 100, 200);
    private static final int STEPS = 200;
    private static final Map<String, Object> SETTINGS = Map.of(
            "candidates", 6,
            "trained", 4,
            "images", 20,
            "uniform-until", 0.1,
            "pool", 9,
            "pool-age", 5,
            "pool-share", 0.7,
            "pool-share-at", 0.5,
            "stop-overlap", "none",
            "stop-draws", 4);

    private final SchemeSteps steps = new SchemeSteps(TREE.node(SupernetNode.ROOT), 5, STEPS);

    private static TrainingScheme scheme(int subnetsPerStep) {
        return new SchemeSpec("greedy", subnetsPerStep, SETTINGS).create();
    }

    /** The loss of a subnet after some steps: it changes, and with it the order of subnets. */
    private static float loss(Architecture subnet, int steps) {
        return (Math.floorMod(subnet.hashCode(), 1009) + 37 * steps * subnet.choice(0)) % 1009 / 100f;
    }

    /** A supernet that has such losses, and the subnets that it was asked to train and to score. */
    private static final class Asked {

        private final List<List<Architecture>> trained = new ArrayList<>();
        private final List<Integer> imagesScored = new ArrayList<>();
        private int judgments;

        Supernet supernet() {
            return (Supernet) Proxy.newProxyInstance(
                    Supernet.class.getClassLoader(), new Class<?>[] {Supernet.class}, (proxy, method, arguments) -> {
                        List<Architecture> subnets = subnets(arguments[1]);
                        int images = ((Batch) arguments[0]).size();
                        if (method.getName().equals("train")) {
                            trained.add(List.copyOf(subnets));
                            return PendingEvaluation.of(new Evaluation(images, 0, 1));
                        }
                        imagesScored.add(images);
                        judgments += subnets.size();
                        return subnets.stream()
                                .map(subnet ->
                                        new Evaluation(images, 0, (double) images * loss(subnet, trained.size())))
                                .toList();
                    });
        }

        private static List<Architecture> subnets(Object argument) {
            return ((List<?>) argument).stream().map(Architecture.class::cast).toList();
        }
    }

    /** The same as the paper describes it, with lists that are searched from end to end. */
    private static final class Reference {

        private final List<Architecture> pool = new ArrayList<>();
        private final Map<Architecture, Float> losses = new HashMap<>();
        private final Map<Architecture, Integer> judgedAt = new HashMap<>();
        private List<Architecture> next = new ArrayList<>();
        private int draws;

        List<Architecture> step(StepContext context, int subnetsPerStep) {
            List<Architecture> subnets = new ArrayList<>();
            for (int i = 0; i < subnetsPerStep; i++) {
                if (context.progress() < 0.1) {
                    subnets.add(context.node().subspace().sample(context.random()));
                    continue;
                }
                if (next.isEmpty()) {
                    draw(context);
                }
                subnets.add(next.remove(0));
            }
            return subnets;
        }

        private void draw(StepContext context) {
            draws++;
            double fromPool = 0.7 * Math.min(1, (context.progress() - 0.1) / 0.4);
            RandomGenerator random = context.random();
            List<Architecture> candidates = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                Architecture candidate = random.nextDouble() < fromPool && !pool.isEmpty()
                        ? pool.get(random.nextInt(pool.size()))
                        : context.node().subspace().sample(random);
                if (!candidates.contains(candidate)) {
                    candidates.add(candidate);
                }
            }
            for (Architecture candidate : candidates) {
                pool.remove(candidate);
                pool.add(candidate);
                losses.put(candidate, loss(candidate, (int) context.step()));
                judgedAt.put(candidate, draws);
            }
            Comparator<Architecture> byLoss = Comparator.comparing((Architecture subnet) -> losses.get(subnet))
                    .thenComparing(any -> any);
            candidates.sort(byLoss);
            next = new ArrayList<>(candidates.subList(0, Math.min(4, candidates.size())));
            pool.removeIf(subnet -> draws - judgedAt.get(subnet) > 5);
            pool.sort(byLoss);
            while (pool.size() > 9) {
                pool.remove(pool.size() - 1);
            }
        }
    }

    @Test
    void stepsAreTheReference() {
        for (int subnetsPerStep : new int[] {1, 3}) {
            Reference reference = new Reference();
            TrainingScheme scheme = scheme(subnetsPerStep);
            Asked asked = new Asked();
            Supernet supernet = asked.supernet();
            for (int step = 0; step < 3 * STEPS; step++) { // those of three supernets, for which the root stands
                scheme.step(supernet, steps.context(step));
                assertThat(asked.trained.get(step))
                        .as("step " + step)
                        .isEqualTo(reference.step(steps.context(step), subnetsPerStep));
            }
        }
    }

    /** As when it is killed after any step. */
    @Test
    void aSchemeThatIsRestoredTakesTheStepsOfTheOneBeforeIt() {
        Asked whole = new Asked();
        Supernet wholeSupernet = whole.supernet();
        TrainingScheme scheme = scheme(1);
        Asked cut = new Asked();
        Supernet cutSupernet = cut.supernet();
        TrainingScheme restored = scheme(1);
        for (int step = 0; step < 2 * STEPS; step++) {
            scheme.step(wholeSupernet, steps.context(step));
            TrainingScheme next = scheme(1);
            next.restore(restored.state());
            restored = next;
            restored.step(cutSupernet, steps.context(step));
        }

        assertThat(cut.trained).isEqualTo(whole.trained);
        assertThat(restored.state()).usingRecursiveComparison().isEqualTo(scheme.state());
        assertThat(restored.state().get("pool.choices").shape()).containsExactly(9, 6);
    }

    /** The rule of the paper, with the pools of all draws at hand. */
    @Test
    void trainingEndsOnceThePoolIsStable() {
        for (double overlap : new double[] {3 / 9.0, 5 / 9.0, 7 / 9.0}) {
            Map<String, Object> settings = new HashMap<>(SETTINGS);
            settings.put("stop-overlap", overlap);
            SchemeSpec spec = new SchemeSpec("greedy", 1, settings);
            TrainingScheme scheme = spec.create();
            Asked asked = new Asked();
            Supernet supernet = asked.supernet();
            Reference reference = new Reference();
            List<List<Architecture>> pools = new ArrayList<>(List.of(List.of()));
            int comparisons = 0;
            boolean stable = false;
            for (int step = 0; !stable; step++) {
                assertThat(step).as("steps without an end").isLessThan(3 * STEPS);
                assertThat(scheme.hasEnded()).as("step " + step).isFalse();
                scheme.step(supernet, steps.context(step));
                reference.step(steps.context(step), 1);
                TrainingScheme next = spec.create(); // as when it is killed after any step
                next.restore(scheme.state());
                scheme = next;
                if (reference.draws == pools.size()) {
                    pools.add(List.copyOf(reference.pool));
                    if (reference.draws % 4 == 0) {
                        List<Architecture> common = new ArrayList<>(reference.pool);
                        common.retainAll(pools.get(reference.draws - 4));
                        stable = common.size() >= Math.round(overlap * 9);
                        comparisons++;
                    }
                }
            }

            assertThat(scheme.hasEnded()).isTrue();
            assertThat(scheme.mayEndEarly()).isTrue();
            assertThat(comparisons).as("comparisons with " + overlap).isGreaterThan(1);
        }
        assertThat(scheme(1).mayEndEarly()).isFalse();
    }

    @Test
    void theUniformStartJudgesNothing() {
        TrainingScheme scheme = scheme(1);
        Asked asked = new Asked();
        Supernet supernet = asked.supernet();
        for (int step = 0; step < 60; step++) { // a tenth of the 600 steps of the root
            scheme.step(supernet, steps.context(step));
        }

        assertThat(asked.judgments).isZero();
        assertThat(asked.trained).isEqualTo(uniform(60));

        scheme.step(supernet, steps.context(60));
        assertThat(asked.judgments).isGreaterThan(6);
        assertThat(asked.imagesScored).containsExactly(6, 7, 7);
    }

    private List<List<Architecture>> uniform(int count) {
        List<List<Architecture>> drawn = new ArrayList<>();
        for (int step = 0; step < count; step++) {
            drawn.add(steps.subnets(new UniformScheme(1), step));
        }
        return drawn;
    }

    @Test
    void subnetsThatAreTrainedAreOfTheSubspace() {
        SupernetNode leaf = TREE.node("1");
        SchemeSteps ofLeaf = new SchemeSteps(leaf, 5, STEPS);
        TrainingScheme scheme = scheme(2);
        Asked asked = new Asked();
        for (int step = 100; step < STEPS; step++) {
            scheme.step(asked.supernet(), ofLeaf.context(step));
        }

        assertThat(asked.trained).hasSize(100).allSatisfy(subnets -> assertThat(subnets)
                .hasSize(2)
                .allMatch(SPACE::connected)
                .allMatch(leaf.subspace()::contains));
        assertThat(new HashSet<>(asked.trained)).hasSizeGreaterThan(10);
    }

    /** The schedule of OpenMMLab's mmrazor: uniform for 10,000 of 150,000 iterations, the full share at 144,360. */
    @Test
    void theShareFromThePoolRisesAlongALine() {
        Map<String, Object> settings = new HashMap<>(SETTINGS);
        settings.putAll(
                Map.of("pool-share", 0.8, "uniform-until", 10_000 / 150_000d, "pool-share-at", 144_360 / 150_000d));
        GreedyScheme scheme = (GreedyScheme) new SchemeSpec("greedy", 1, settings).create();

        assertThat(scheme.shareFromPool(77_180 / 150_000d)).isCloseTo(0.4, within(1e-12));
        assertThat(scheme.shareFromPool(10_000 / 150_000d)).isZero();
        assertThat(scheme.shareFromPool(0)).isZero();
        assertThat(scheme.shareFromPool(1)).isEqualTo(0.8);
    }

    @Test
    void tellsWhatItAsksOfHeldOutImages() {
        assertThat(scheme(2).heldOut()).isEqualTo(new HeldOutUse(20, 0.9 * 2 * 6 / 4));
    }

    @Test
    void settingsThatAreNotAcceptedAreNamed() {
        assertRefused("candidates", 0, "expected a whole number from 1 to ");
        assertRefused("trained", 7, "expected a whole number from 1 to 6");
        assertRefused("images", 1, "expected a whole number from 2 to ");
        assertRefused("images", "many", "expected a whole number from 2 to ");
        assertRefused("pool", 2.5, "expected a whole number from 1 to ");
        assertRefused("pool-age", 0, "expected a whole number from 1 to ");
        assertRefused("uniform-until", -0.1, "expected a number from 0 to 1");
        assertRefused("stop-overlap", 0, "expected none, or a number above 0 and at most 1");
        assertRefused("stop-draws", 0, "expected a whole number from 1 to ");
        assertRefused("pool-share", 1.1, "expected a number from 0 to 1");
        assertRefused("pool-share-at", 0.1, "expected a number above uniform-until = 0.1");
    }

    private static void assertRefused(String key, Object value, String expected) {
        Map<String, Object> settings = new HashMap<>(SETTINGS);
        settings.put(key, value);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SchemeSpec("greedy", 1, settings).create())
                .withMessageStartingWith(key + ": " + expected);
    }
}
