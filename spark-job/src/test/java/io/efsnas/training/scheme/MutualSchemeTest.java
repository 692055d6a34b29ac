package io.efsnas.training.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.data.Batch;
import io.efsnas.space.Architecture;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.Phase;
import io.efsnas.split.Subspace;
import io.efsnas.split.SupernetNode;
import io.efsnas.split.TestTrees;
import io.efsnas.supernet.Combination;
import io.efsnas.supernet.FakeSupernet;
import io.efsnas.supernet.Lesson;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.Teacher;
import io.efsnas.supernet.TrainingStep;
import io.efsnas.training.Relation;
import io.efsnas.training.Relatives;
import io.efsnas.training.SchemeSpec;
import io.efsnas.training.StepContext;
import io.efsnas.training.TrainingScheme;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MutualSchemeTest {

    private static final int IMAGES = 2;
    private static final int CLASSES = 4;
    private static final MaskSubspace WHOLE = MaskSubspace.whole(new NasBench201Space());
    private static final Phase FIRST = new Phase(0, 1, 0, 10, false);
    private static final Phase SECOND = new Phase(1, 2, 10, 20, false);
    private static final SupernetNode ROOT = SupernetNode.root(WHOLE, List.of(WHOLE), TestTrees.SIZE, FIRST, 1);
    private static final SupernetNode CHILD = child(0, List.of(0, 1));
    private static final List<SupernetNode> SIBLINGS = List.of(child(1, List.of(2)), child(2, List.of(3, 4)));

    private static SupernetNode child(int part, List<Integer> choices) {
        Subspace of = WHOLE.restricted(3, choices);
        return ROOT.child(part, of, List.of(of), TestTrees.SIZE, SECOND, 1);
    }

    private static TrainingScheme scheme(String teachers) {
        return new SchemeSpec("mutual", 1, Map.of("teachers", teachers)).create();
    }

    /** What a supernet was asked for. */
    private record Asked(String node, Architecture subnet) {}

    /** Random logits that depend on the supernet and the subnet. */
    private static double[] logits(String node, Architecture subnet) {
        Random random = new Random(Objects.hash(node, subnet));
        return IntStream.range(0, IMAGES * CLASSES)
                .mapToDouble(i -> random.nextGaussian())
                .toArray();
    }

    private static double[] probabilities(double[] logits) {
        double[] probabilities = new double[logits.length];
        for (int image = 0; image < IMAGES; image++) {
            double sum = 0;
            for (int i = 0; i < CLASSES; i++) {
                sum += Math.exp(logits[image * CLASSES + i]);
            }
            for (int i = 0; i < CLASSES; i++) {
                probabilities[image * CLASSES + i] = Math.exp(logits[image * CLASSES + i]) / sum;
            }
        }
        return probabilities;
    }

    /** A supernet that only gives class probabilities. */
    private static Supernet teacher(String node, List<Asked> asked) {
        return (Supernet) Proxy.newProxyInstance(
                Supernet.class.getClassLoader(), new Class<?>[] {Supernet.class}, (self, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("probabilities");
                    Architecture subnet = (Architecture) arguments[1];
                    asked.add(new Asked(node, subnet));
                    double[] values = probabilities(logits(node, subnet));
                    float[] floats = new float[values.length];
                    for (int i = 0; i < floats.length; i++) {
                        floats[i] = (float) values[i];
                    }
                    return floats;
                });
    }

    private static StepContext context(boolean parent, List<SupernetNode> siblings, List<Asked> asked) {
        StepContext alone = new SchemeSteps(CHILD, 3, 20).context(12);
        Relatives relatives = new Relatives(
                parent ? Optional.of(teacher("root", asked)) : Optional.empty(),
                siblings.stream()
                        .map(node -> new Relatives.Sibling(node, teacher(node.id(), asked)))
                        .toList());
        return new StepContext(
                alone.node(), alone.step(), alone.plan(), alone.views(), alone.random(), alone.heldOut(), relatives);
    }

    private static Lesson lesson(StepContext context) {
        FakeSupernet supernet = new FakeSupernet();
        scheme("both").step(supernet, context);
        TrainingStep step = supernet.trainingSteps().get(0);
        assertThat(step.lessons()).hasSize(1);
        assertThat(step.combination()).isEqualTo(Combination.SUM);
        assertThat(step.learningRate()).isEqualTo(context.learningRate());
        return step.lessons().get(0);
    }

    /** Of one image's label, by the paper's formula. */
    private static double paperLoss(double[] logits, List<Asked> asked, Batch batch) {
        double[] p = probabilities(logits);
        double loss = 0;
        for (int image = 0; image < IMAGES; image++) {
            loss -= Math.log(p[image * CLASSES + batch.labels()[image]]);
        }
        long siblings = asked.stream().filter(one -> !one.node().equals("root")).count();
        for (Asked one : asked) {
            double divergence = divergence(probabilities(logits(one.node(), one.subnet())), p);
            loss += one.node().equals("root") ? divergence : divergence / siblings;
        }
        return loss;
    }

    private static double divergence(double[] q, double[] p) {
        return IntStream.range(0, q.length)
                .mapToDouble(i -> q[i] * Math.log(q[i] / p[i]))
                .sum();
    }

    /** As {@link Lesson} defines it. */
    private static double lessonLoss(double[] logits, Lesson lesson, Batch batch) {
        double[] p = probabilities(logits);
        double loss = 0;
        for (int image = 0; image < IMAGES; image++) {
            loss -= lesson.labels() * Math.log(p[image * CLASSES + batch.labels()[image]]);
        }
        float[] known = ((Teacher.Known) lesson.teacher().orElseThrow()).probabilities();
        double[] q = IntStream.range(0, known.length).mapToDouble(i -> known[i]).toArray();
        return loss + lesson.imitation() * divergence(q, p);
    }

    /** A mean of teachers has another divergence than the mean of theirs, but the same gradient: both differ by a constant. */
    @Test
    void theLossHasTheGradientOfThePapers() {
        for (int siblings = 0; siblings <= 2; siblings++) {
            for (boolean parent : new boolean[] {false, true}) {
                if (siblings == 0 && !parent) {
                    continue;
                }
                List<Asked> asked = new ArrayList<>();
                StepContext context = context(parent, SIBLINGS.subList(0, siblings), asked);

                Lesson lesson = lesson(context);

                double[] logits = logits("pupil", lesson.subnet());
                for (int i = 0; i < logits.length; i++) {
                    double[] up = logits.clone();
                    double[] down = logits.clone();
                    up[i] += 1e-5;
                    down[i] -= 1e-5;
                    double expected =
                            (paperLoss(up, asked, context.batch()) - paperLoss(down, asked, context.batch())) / 2e-5;
                    double actual =
                            (lessonLoss(up, lesson, context.batch()) - lessonLoss(down, lesson, context.batch()))
                                    / 2e-5;
                    assertThat(actual).isCloseTo(expected, within(1e-6));
                }
            }
        }
    }

    @Test
    void theParentAnswersWithTheSameSubnetAndEachSiblingWithOneOfItsOwn() {
        List<Asked> asked = new ArrayList<>();

        Lesson lesson = lesson(context(true, SIBLINGS, asked));

        assertThat(lesson.subnet()).matches(CHILD.subspace()::contains);
        assertThat(asked).extracting(Asked::node).containsExactly("1", "2", "root");
        assertThat(asked.get(0).subnet()).matches(SIBLINGS.get(0).subspace()::contains);
        assertThat(asked.get(1).subnet()).matches(SIBLINGS.get(1).subspace()::contains);
        assertThat(asked.get(2).subnet()).isEqualTo(lesson.subnet());
    }

    /** So that what it is trained for does not depend on whether somebody teaches it. */
    @Test
    void withoutTeachersItLearnsTheSameSubnetFromTheLabels() {
        Lesson alone = lesson(context(false, List.of(), new ArrayList<>()));

        assertThat(alone).isEqualTo(Lesson.of(alone.subnet()));
        assertThat(alone.subnet())
                .isEqualTo(lesson(context(true, SIBLINGS, new ArrayList<>())).subnet());
    }

    @Test
    void settingsSayWhoTeaches() {
        assertThat(scheme("none").learnsFrom()).isEmpty();
        assertThat(scheme("none").suitsWorkers()).isTrue();
        assertThat(scheme("parent").learnsFrom()).containsExactly(Relation.PARENT);
        assertThat(scheme("siblings").learnsFrom()).containsExactly(Relation.SIBLING);
        assertThat(scheme("both").learnsFrom()).containsExactlyInAnyOrder(Relation.values());
        assertThat(scheme("both").suitsWorkers()).isFalse();
        assertThat(scheme("both").subnetsPerStep(WHOLE)).isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scheme("all"))
                .withMessage("teachers: expected one of none, parent, siblings, both");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SchemeSpec("mutual", 2, Map.of("teachers", "both")).create())
                .withMessageContaining("training.subnets-per-step has to be 1, not 2");
    }

    @Test
    void aKilledTrainingGivesTheSameBits() {
        RestartedTraining.assertSameBits("mutual", Map.of("teachers", "both"));
    }
}
