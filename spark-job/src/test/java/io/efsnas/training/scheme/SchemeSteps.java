package io.efsnas.training.scheme;

import io.efsnas.data.Augmentation;
import io.efsnas.data.Batch;
import io.efsnas.data.Dataset;
import io.efsnas.data.TestImages;
import io.efsnas.network.Shape;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.space.Architecture;
import io.efsnas.split.SupernetNode;
import io.efsnas.supernet.FakeSupernet;
import io.efsnas.supernet.FakeSupernet.Step;
import io.efsnas.supernet.TrainingStep;
import io.efsnas.training.HeldOutImages;
import io.efsnas.training.LearningRatePlan;
import io.efsnas.training.Relatives;
import io.efsnas.training.SchemeSpec;
import io.efsnas.training.StepContext;
import io.efsnas.training.TrainingPlan;
import io.efsnas.training.TrainingScheme;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.commons.io.FileUtils;

/** Takes steps of schemes as a trainer does. */
final class SchemeSteps {

    private static final Batch BATCH = new Batch(new float[8], new int[2], new Shape(1, 2, 2));
    /** As many as the scheme that needs the most. */
    private static final List<Batch> VIEWS = List.of(BATCH, view(), view(), view());

    private static final Dataset IMAGES = images();

    private final SupernetNode node;
    private final TrainingPlan plan;

    /**
     * @param steps of the whole training of a supernet at the end of the tree
     */
    SchemeSteps(SupernetNode node, long seed, long steps) {
        this(node, seed, steps, new LearningRatePlan(0.5, 0.1));
    }

    SchemeSteps(SupernetNode node, long seed, long steps, LearningRatePlan rates) {
        this.node = node;
        this.plan = new TrainingPlan(
                steps, new SchemeSpec("uniform", 1, Map.of()), BATCH.size(), rates, 0, 0, Augmentation.NONE, seed);
    }

    private static Batch view() {
        return new Batch(new float[8], BATCH.labels(), BATCH.shape());
    }

    private static Dataset images() {
        try {
            Path directory = Files.createTempDirectory("scheme");
            try {
                return TestImages.dataset(directory, 60);
            } finally {
                FileUtils.deleteDirectory(directory.toFile());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The context of a step, with held-out images in batches of at most 8. */
    StepContext context(long step) {
        return new StepContext(
                node,
                step,
                plan,
                VIEWS,
                KeyedRandom.of(plan.seed(), Purpose.TRAINED_SUBNETS, node.key(), step),
                new HeldOutImages(IMAGES, 8),
                Relatives.NONE);
    }

    /** What a step asks of a supernet. */
    Step step(TrainingScheme scheme, long step) {
        FakeSupernet supernet = new FakeSupernet();
        scheme.step(supernet, context(step));
        return supernet.steps().get(0);
    }

    /** What a step of lessons asks of a supernet. */
    TrainingStep lessons(TrainingScheme scheme, long step) {
        FakeSupernet supernet = new FakeSupernet();
        scheme.step(supernet, context(step));
        return supernet.trainingSteps().get(0);
    }

    /** The subnets that a step trains. */
    List<Architecture> subnets(TrainingScheme scheme, long step) {
        return step(scheme, step).subnets();
    }
}
