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
import io.efsnas.training.contrast.Contrast;
import java.util.List;
import java.util.Map;

/**
 * Makes two subnets agree that have no choice in common (after Peng et al., Pi-NAS, ICCV 2021). Each step draws the two, and
 * moves the averages of the weights that they use (<i>nontrivial mean teacher</i>). Each learns from the labels and from
 * what the other answers with averaged weights. The gradients of the two are summed. This is a supervised form of the method;
 * {@link LabelFreePiScheme} is that of the paper.
 */
final class PiScheme implements TrainingScheme {

    private static final String IMITATION = "imitation";
    private static final String DECAY = "decay";
    private static final String LABELS = "labels";
    private static final String EMBEDDING = "embedding";
    private static final String QUEUE = "queue";
    private static final String TEMPERATURE = "temperature";
    private static final String LINEAR_SHARE = "linear-share";
    private static final String LINEAR_RATE = "linear-rate";
    private static final int MOST_IMITATION = 1000;
    private static final int MOST_EMBEDDING = 4096;
    private static final int MOST_QUEUE = 1 << 16;
    private static final int MOST_TEMPERATURE = 100;
    private static final int MOST_LINEAR_RATE = 100_000;

    private final float imitation;
    private final float decay;

    private PiScheme(float imitation, float decay) {
        this.imitation = imitation;
        this.decay = decay;
    }

    @Override
    public int subnetsPerStep(Subspace subspace) {
        return 2;
    }

    @Override
    public double forwardPasses(Subspace subspace) {
        return 2;
    }

    @Override
    public boolean givesLessons() {
        return true;
    }

    @Override
    public PendingEvaluation step(Supernet supernet, StepContext context) {
        List<Architecture> pair = UnlikeSubnets.of(context.node().subspace(), context.random());
        supernet.average(pair, decay);
        List<Lesson> lessons = List.of(lesson(pair.get(0), pair.get(1)), lesson(pair.get(1), pair.get(0)));
        return supernet.train(context.batch(), new TrainingStep(lessons, Combination.SUM, context.learningRate()));
    }

    private Lesson lesson(Architecture subnet, Architecture other) {
        return Lesson.of(subnet, 1, imitation, new Teacher.Averaged(other));
    }

    /** Makes it. */
    public static final class Provider implements TrainingSchemeProvider {

        /** Those of the paper, but for the queue, which is as large there as 49,152. */
        private static final Map<String, Object> DEFAULTS = Map.of(
                IMITATION,
                1,
                DECAY,
                0.999,
                LABELS,
                true,
                EMBEDDING,
                128,
                QUEUE,
                4096,
                TEMPERATURE,
                0.2,
                LINEAR_SHARE,
                0.2,
                LINEAR_RATE,
                10);

        @Override
        public String name() {
            return "pi";
        }

        @Override
        public Map<String, Object> defaults() {
            return DEFAULTS;
        }

        @Override
        public TrainingScheme create(SchemeSpec spec) {
            spec.requireOneSubnetPerStep("a step trains two subnets that teach each other");
            Settings settings = new Settings(spec.settings());
            LabelFreePiScheme.Setting labelFree = labelFree(settings);
            return settings.bool(LABELS)
                    ? new PiScheme(
                            (float) settings.between(IMITATION, 0, MOST_IMITATION), (float) settings.share(DECAY))
                    : new LabelFreePiScheme(labelFree);
        }

        private static LabelFreePiScheme.Setting labelFree(Settings settings) {
            Contrast.Setting contrast = new Contrast.Setting(
                    settings.whole(EMBEDDING, 1, MOST_EMBEDDING),
                    settings.whole(QUEUE, 1, MOST_QUEUE),
                    settings.aboveZero(TEMPERATURE, MOST_TEMPERATURE));
            double linearShare = settings.share(LINEAR_SHARE);
            if (linearShare == 0 || linearShare == 1) {
                throw Settings.refusal(LINEAR_SHARE, "a number above 0 and below 1");
            }
            return new LabelFreePiScheme.Setting(
                    (float) settings.share(DECAY),
                    contrast,
                    linearShare,
                    settings.aboveZero(LINEAR_RATE, MOST_LINEAR_RATE));
        }
    }
}
