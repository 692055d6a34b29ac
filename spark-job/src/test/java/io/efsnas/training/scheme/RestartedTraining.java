package io.efsnas.training.scheme;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.data.Augmentation;
import io.efsnas.data.Batch;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.Phase;
import io.efsnas.split.SupernetNode;
import io.efsnas.supernet.Engine;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.training.LearningRatePlan;
import io.efsnas.training.Relatives;
import io.efsnas.training.SchemeSpec;
import io.efsnas.training.StepContext;
import io.efsnas.training.TrainingPlan;
import io.efsnas.training.TrainingScheme;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Trains a real supernet by a scheme, at one go and killed and restored after each step. */
final class RestartedTraining {

    private static final int STEPS = 8;
    private static final int BATCH = 8;
    /** As many as the scheme that needs the most. */
    private static final int VIEWS = 4;

    private static final Shape IMAGE = new Shape(3, 8, 8);
    private static final NasBench201Space SPACE = new NasBench201Space();
    private static final SupernetSpec SPEC =
            new SupernetSpec(SPACE, new ModelSize(2, 1, IMAGE, 4), new Optimizer(0.9f, 5e-4f, 5), BATCH, 3);
    private static final SupernetNode NODE =
            SupernetNode.independent(0, MaskSubspace.whole(SPACE), SPEC.size(), new Phase(0, 1, 0, STEPS, false));

    private RestartedTraining() {}

    static void assertSameBits(String scheme, Map<String, Object> settings) {
        SchemeSpec spec = new SchemeSpec(scheme, 1, settings);
        TrainingScheme whole = spec.create();
        try (Supernet supernet = supernet()) {
            for (int step = 0; step < STEPS; step++) {
                whole.step(supernet, context(spec, step));
            }
            Supernet cut = supernet();
            TrainingScheme restored = spec.create();
            for (int step = 0; step < STEPS; step++) {
                restored.step(cut, context(spec, step));
                Supernet next = supernet();
                next.restore(cut.state());
                cut.close();
                cut = next;
                TrainingScheme nextScheme = spec.create();
                nextScheme.restore(restored.state());
                restored = nextScheme;
            }
            assertThat(cut.state()).usingRecursiveComparison().isEqualTo(supernet.state());
            cut.close();
        }
    }

    private static Supernet supernet() {
        return Engine.named("vector").create(SPEC, Resources.cpu(1));
    }

    private static StepContext context(SchemeSpec scheme, int step) {
        TrainingPlan plan =
                new TrainingPlan(STEPS, scheme, BATCH, new LearningRatePlan(0.05, 0.001), 0, 0, Augmentation.NONE, 5);
        Random random = new Random(step);
        List<Batch> views = Stream.generate(() -> batch(random)).limit(VIEWS).toList();
        return new StepContext(
                NODE,
                step,
                plan,
                views,
                KeyedRandom.of(5, Purpose.TRAINED_SUBNETS, NODE.key(), step),
                null,
                Relatives.NONE);
    }

    private static Batch batch(Random random) {
        float[] pixels = new float[BATCH * IMAGE.size()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        return new Batch(pixels, random.ints(BATCH, 0, 4).toArray(), IMAGE);
    }
}
