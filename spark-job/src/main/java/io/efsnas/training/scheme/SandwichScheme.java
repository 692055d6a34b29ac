package io.efsnas.training.scheme;

import io.efsnas.provider.Settings;
import io.efsnas.space.Architecture;
import io.efsnas.split.Subspace;
import io.efsnas.supernet.Combination;
import io.efsnas.supernet.Lesson;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.Teacher;
import io.efsnas.supernet.TrainingStep;
import io.efsnas.training.SchemeSpec;
import io.efsnas.training.StepContext;
import io.efsnas.training.TrainingScheme;
import io.efsnas.training.TrainingSchemeProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The sandwich rule with in-place distillation (Yu et al., BigNAS, ECCV 2020; Liu et al., arXiv 2206.05896): each step
 * trains the largest subnet of the subspace on the labels, and the smallest and some random ones on what the largest
 * answers, which costs no forward pass of its own. Their gradients are summed. What is largest and smallest is defined by
 * {@link CostRange}.
 */
final class SandwichScheme implements TrainingScheme {

    private static final String RANDOM = "random";
    private static final String SOFT_SHARE = "soft-share";
    private static final int MOST_RANDOM = 100;
    private static final int LARGEST_AND_SMALLEST = 2;

    private final int random;
    private final float softShare;
    /** Of the supernet that takes the steps; null before the first one. */
    private CostRange range;

    private SandwichScheme(int random, float softShare) {
        this.random = random;
        this.softShare = softShare;
    }

    @Override
    public int subnetsPerStep(Subspace subspace) {
        return LARGEST_AND_SMALLEST + random;
    }

    @Override
    public boolean givesLessons() {
        return true;
    }

    @Override
    public PendingEvaluation step(Supernet supernet, StepContext context) {
        if (range == null) {
            range = CostRange.of(context.node());
        }
        List<Lesson> lessons = new ArrayList<>();
        lessons.add(Lesson.of(range.largest()));
        lessons.add(pupil(range.smallest()));
        for (int i = 0; i < random; i++) {
            lessons.add(pupil(context.node().subspace().sample(context.random())));
        }
        return supernet.train(context.batch(), new TrainingStep(lessons, Combination.SUM, context.learningRate()));
    }

    private Lesson pupil(Architecture subnet) {
        return Lesson.of(subnet, 1 - softShare, softShare, new Teacher.First());
    }

    /** Makes it. */
    public static final class Provider implements TrainingSchemeProvider {

        private static final Map<String, Object> DEFAULTS = Map.of(RANDOM, 2, SOFT_SHARE, 1);

        @Override
        public String name() {
            return "sandwich";
        }

        @Override
        public Map<String, Object> defaults() {
            return DEFAULTS;
        }

        @Override
        public TrainingScheme create(SchemeSpec spec) {
            spec.requireOneSubnetPerStep("random says how many subnets a step draws");
            Settings settings = new Settings(spec.settings());
            return new SandwichScheme(settings.whole(RANDOM, 0, MOST_RANDOM), (float) settings.share(SOFT_SHARE));
        }
    }
}
