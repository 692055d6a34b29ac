package io.efsnas.training.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.data.Augmentation;
import io.efsnas.data.Batch;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.space.Architecture;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.Phase;
import io.efsnas.split.SupernetNode;
import io.efsnas.supernet.Engine;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.FakeSupernet;
import io.efsnas.supernet.FakeSupernet.FeatureStep;
import io.efsnas.supernet.FeatureLesson;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.supernet.SupernetState;
import io.efsnas.training.LearningRatePlan;
import io.efsnas.training.Relatives;
import io.efsnas.training.SchemeSpec;
import io.efsnas.training.StepContext;
import io.efsnas.training.TrainingPlan;
import io.efsnas.training.TrainingScheme;
import io.efsnas.training.contrast.Contrast;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LabelFreePiSchemeTest {

    private static final int STEPS = 10;
    private static final int IMAGES = 6;
    private static final int CLASSES = 4;
    private static final Shape IMAGE = new Shape(3, 8, 8);
    private static final NasBench201Space SPACE = new NasBench201Space();
    private static final ModelSize SIZE = new ModelSize(2, 1, IMAGE, CLASSES);
    private static final SupernetSpec SUPERNET =
            new SupernetSpec(SPACE, SIZE, new Optimizer(0.9f, 5e-4f, 5), IMAGES, 3);
    private static final SupernetNode NODE =
            SupernetNode.independent(0, MaskSubspace.whole(SPACE), SIZE, new Phase(0, 1, 0, STEPS, false));

    /** The classifier learns in the last three steps. */
    private static final SchemeSpec SPEC = new SchemeSpec(
            "pi",
            1,
            Map.of(
                    "imitation",
                    1,
                    "decay",
                    0.9,
                    "labels",
                    false,
                    "embedding",
                    5,
                    "queue",
                    16,
                    "temperature",
                    0.2,
                    "linear-share",
                    0.3,
                    "linear-rate",
                    4));

    private static final int FIRST_LINEAR = 7;

    private static Supernet supernet() {
        return Engine.named("vector").create(SUPERNET, Resources.cpu(1));
    }

    /**
     * The context of a step whose views are noise.
     *
     * @param firstLabel the label of the first image; those after it count on
     */
    private static StepContext context(int step, int firstLabel) {
        TrainingPlan plan =
                new TrainingPlan(STEPS, SPEC, IMAGES, new LearningRatePlan(0.05, 0.001), 0, 0, Augmentation.NONE, 5);
        Random random = new Random(step);
        List<Batch> views = new ArrayList<>();
        for (int view = 0; view < 4; view++) {
            float[] pixels = new float[IMAGES * IMAGE.size()];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (float) random.nextGaussian();
            }
            int[] labels = IntStream.range(firstLabel, firstLabel + IMAGES)
                    .map(label -> label % CLASSES)
                    .toArray();
            views.add(new Batch(pixels, labels, IMAGE));
        }
        return new StepContext(
                NODE,
                step,
                plan,
                views,
                KeyedRandom.of(5, Purpose.TRAINED_SUBNETS, NODE.key(), step),
                null,
                Relatives.NONE);
    }

    /** The names of the weights of the classifier. */
    private static Set<String> classifier() {
        var nodes = SUPERNET.subnet(SPACE.covering().get(1)).nodes();
        Set<String> names = new HashSet<>();
        nodes.get(nodes.size() - 1).layer().weights().forEach(weight -> names.add(weight.name()));
        return names;
    }

    private static Set<String> changed(SupernetState from, SupernetState to, String prefix) {
        Set<String> names = new HashSet<>();
        for (Weight weight : SUPERNET.weights()) {
            float[] before = from.tensors().get(prefix + weight.name()).values();
            if (!Arrays.equals(before, to.tensors().get(prefix + weight.name()).values())) {
                names.add(weight.name());
            }
        }
        return names;
    }

    @Test
    void aKilledTrainingGivesTheSameBits() {
        RestartedTraining.assertSameBits("pi", SPEC.settings());
    }

    /** The queue and the head are the same, too, after a restart in the middle. */
    @Test
    void whatItRemembersSurvivesBitForBit() {
        TrainingScheme whole = SPEC.create();
        TrainingScheme cut = SPEC.create();
        try (Supernet one = supernet();
                Supernet other = supernet()) {
            assertThat(whole.state()).isEmpty();
            for (int step = 0; step < FIRST_LINEAR; step++) {
                whole.step(one, context(step, 0));
                cut.step(other, context(step, 0));
                TrainingScheme restored = SPEC.create();
                restored.restore(cut.state());
                cut = restored;
            }
        }
        assertThat(whole.state())
                .containsKeys("head.output.weight", "momentum.head.output.weight", "average.head.output.weight")
                .containsKeys("queue.embeddings", "queue.next")
                .usingRecursiveComparison()
                .isEqualTo(cut.state());
        // Seven steps of six images in a queue of 16.
        assertThat(whole.state().get("queue.next").values()).containsExactly(7 * 6 % 16);
    }

    @Test
    void labelsAreNotUsedUntilTheClassifierLearns() {
        TrainingScheme ofOne = SPEC.create();
        TrainingScheme ofOther = SPEC.create();
        try (Supernet one = supernet();
                Supernet other = supernet()) {
            for (int step = 0; step < FIRST_LINEAR; step++) {
                Evaluation first = ofOne.step(one, context(step, 0)).get();
                assertThat(ofOther.step(other, context(step, 1)).get()).isEqualTo(first);
            }
            assertThat(other.state()).usingRecursiveComparison().isEqualTo(one.state());
            assertThat(ofOther.state()).usingRecursiveComparison().isEqualTo(ofOne.state());

            ofOne.step(one, context(FIRST_LINEAR, 0)).get();
            ofOther.step(other, context(FIRST_LINEAR, 1)).get();
            assertThat(changed(one.state(), other.state(), "")).isEqualTo(classifier());
        }
    }

    @Test
    void firstAllButTheClassifierLearnAndThenTheClassifierAlone() {
        TrainingScheme scheme = SPEC.create();
        try (Supernet supernet = supernet()) {
            for (int step = 0; step < STEPS; step++) {
                SupernetState before = supernet.state();
                scheme.step(supernet, context(step, 0)).get();
                Set<String> changed = changed(before, supernet.state(), "");
                if (step < FIRST_LINEAR) {
                    assertThat(changed).isNotEmpty().doesNotContainAnyElementsOf(classifier());
                } else {
                    assertThat(changed).isEqualTo(classifier());
                }
            }
        }
    }

    /** In the second step, since averages begin as the weights and move before these do. */
    @Test
    void theTeacherMovesOnlyWhereASubnetIsSampled() {
        TrainingScheme scheme = SPEC.create();
        FakeSupernet fake = new FakeSupernet();
        SPEC.create().step(fake, context(1, 0));
        Set<String> used = new HashSet<>();
        fake.averaged().stream()
                .flatMap(List::stream)
                .forEach(subnet -> SUPERNET.subnet(subnet).weights().forEach(weight -> used.add(weight.name())));
        try (Supernet supernet = supernet()) {
            scheme.step(supernet, context(0, 0)).get();
            SupernetState before = supernet.state();
            scheme.step(supernet, context(1, 0)).get();

            assertThat(changed(before, supernet.state(), SupernetState.AVERAGE))
                    .contains("stem.conv.weight")
                    .isSubsetOf(used);
            assertThat(used).hasSizeLessThan(SUPERNET.weights().size());
        }
    }

    @Test
    void eachSubnetIsComparedWithTheKeysOfTheOther() {
        FakeSupernet supernet = new FakeSupernet();
        StepContext context = context(0, 0);
        SPEC.create().step(supernet, context);

        FeatureStep step = supernet.featureSteps().get(0);
        Architecture one = step.lessons().get(0).subnet();
        Architecture other = step.lessons().get(1).subnet();
        assertThat(IntStream.range(0, 6)).noneMatch(edge -> one.choice(edge) == other.choice(edge));
        assertThat(step.lessons())
                .extracting(FeatureLesson::batch)
                .containsExactly(context.views().get(0), context.views().get(2));
        assertThat(supernet.averaged()).containsExactly(List.of(one), List.of(other));
        assertThat(supernet.seenByAverages())
                .containsExactly(
                        new FakeSupernet.Seen(context.views().get(1), one),
                        new FakeSupernet.Seen(context.views().get(3), other));
    }

    @Test
    void bothPartsHaveALearningRateOfTheirOwn() {
        FakeSupernet supernet = new FakeSupernet();
        TrainingScheme scheme = SPEC.create();
        for (int step = 0; step < STEPS; step++) {
            scheme.step(supernet, context(step, 0));
        }

        LearningRatePlan rates = new LearningRatePlan(0.05, 0.001);
        assertThat(supernet.featureSteps()).hasSize(FIRST_LINEAR);
        assertThat(supernet.classifierSteps()).hasSize(STEPS - FIRST_LINEAR);
        for (int step = 0; step < FIRST_LINEAR; step++) {
            assertThat((double) supernet.featureSteps().get(step).learningRate())
                    .isCloseTo(rates.rate(step, FIRST_LINEAR), within(1e-6));
        }
        for (int step = 0; step < STEPS - FIRST_LINEAR; step++) {
            assertThat((double) supernet.classifierSteps().get(step).learningRate())
                    .isCloseTo(4 * rates.rate(step, STEPS - FIRST_LINEAR), within(1e-6));
        }
    }

    @Test
    void itNeedsFourViewsUntilTheClassifierLearns() {
        TrainingScheme scheme = SPEC.create();

        assertThat(scheme.views(0)).isEqualTo(4);
        assertThat(scheme.views(0.69)).isEqualTo(4);
        assertThat(scheme.views(0.7)).isEqualTo(1);
        assertThat(scheme.suitsWorkers()).isFalse();
        assertThat(scheme.suitsPathDropout()).isFalse();
    }

    /** One step with a small learning rate lessens the loss of the same queries, keys and negatives. */
    @Test
    void aStepLessensItsLoss() {
        FakeSupernet noting = new FakeSupernet();
        SPEC.create().step(noting, context(0, 0));
        FeatureStep step = noting.featureSteps().get(0);
        Contrast.Setting setting = new Contrast.Setting(5, 16, 0.2);
        try (Supernet supernet = supernet()) {
            float[] features = supernet.averagedFeatures(
                    step.lessons().get(0).batch(), step.lessons().get(0).subnet());
            Contrast contrast = setting.drawn(features.length / IMAGES, new SplittableRandom(3));
            float[] keys = contrast.keys(0.9f, features);
            List<FeatureLesson> lessons = step.lessons().stream()
                    .map(lesson -> new FeatureLesson(lesson.batch(), lesson.subnet(), contrast.against(keys)))
                    .toList();
            double before = supernet.trainFeatures(lessons, 1e-3f).get().lossSum();
            contrast.update(1e-3f, supernet.optimizer());
            double after = supernet.trainFeatures(lessons, 1e-3f).get().lossSum();

            assertThat(after).isLessThan(before);
        }
    }
}
