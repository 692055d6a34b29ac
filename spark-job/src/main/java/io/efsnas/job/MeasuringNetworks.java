package io.efsnas.job;

import io.efsnas.data.Batch;
import io.efsnas.data.Dataset;
import io.efsnas.data.ScoringBatches;
import io.efsnas.measure.MeasureContext;
import io.efsnas.measure.MeasureContext.Fresh;
import io.efsnas.measure.MeasureContext.Trainable;
import io.efsnas.measure.Needs;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.space.SpaceWeights;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.InitialWeights;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.SupernetState;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.spark.TaskContext;

/** The networks that a task measures with: those that its measures need. */
final class MeasuringNetworks implements AutoCloseable {

    private static final SupernetSpec.Optimizer NONE = new SupernetSpec.Optimizer(0, 0, 0);

    /** Tells the random labels from random gradients, whose keys are the positions of their blocks. */
    private static final long LABELS = -1;

    private final MeasuringJob job;
    private final Device device;
    private final List<Supernet> opened = new ArrayList<>();

    MeasuringNetworks(MeasuringJob job, Device device) {
        this.job = job;
        this.device = device;
    }

    /** What measures compute with. */
    MeasureContext context() {
        MeasureContext context = MeasureContext.ofArchitectures(job.space(), job.size());
        if (job.measures().need(Needs.MACHINE)) {
            context = context.with(
                    new MeasureContext.Machine(job.engine().name(), job.engine().resources(device)));
        }
        if (job.measures().need(Needs.FRESH, Needs.IMAGES)) {
            context = context.with(fresh());
        }
        return job.measures().need(Needs.TRAINABLE) ? context.with(trainable()) : context;
    }

    private Fresh fresh() {
        Supernet supernet = open(new SupernetSpec(job.space(), job.size(), NONE, job.batch(), job.seed()));
        List<Weight> weights = SpaceWeights.of(job.space(), job.size()).all();
        SupernetState state = InitialWeights.normal(job.seed(), weights);
        supernet.restore(state);
        return new Fresh(
                supernet,
                state,
                other -> InitialWeights.normal(
                        KeyedRandom.of(job.seed(), Purpose.MEASURES, LABELS, other)
                                .nextLong(),
                        weights),
                noise(),
                job.measures().need(Needs.IMAGES)
                        ? job.images().batches(job.measures().imageBatches(), job.batch(), job.seed())
                        : List.of());
    }

    private Batch noise() {
        Shape image = job.size().image();
        SplittableRandom random = KeyedRandom.of(job.seed(), Purpose.MEASURES);
        float[] pixels = new float[job.batch() * image.size()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        SplittableRandom ofLabels = KeyedRandom.of(job.seed(), Purpose.MEASURES, LABELS);
        int[] labels = ofLabels.ints(job.batch(), 0, job.size().classes()).toArray();
        return new Batch(pixels, labels, image);
    }

    private Trainable trainable() {
        TrialSpec trial = job.trial();
        Supernet supernet = open(new SupernetSpec(
                job.space(),
                trial.size(),
                trial.optimizer(),
                Math.max(trial.batch(), trial.scoringBatch()),
                KeyedRandom.of(job.seed(), Purpose.INITIAL_WEIGHTS, MeasuringImages.TRIAL)
                        .nextLong()));
        Dataset dataset = job.images().source().dataset();
        return new Trainable(
                supernet,
                supernet.state(),
                job.images().trialBatches(trial.batch(), job.seed()),
                new ScoringBatches(
                        dataset.validation(), trial.scoringImages(), dataset.normalization(), trial.scoringBatch()),
                trial.rates(),
                TaskContext.get()::killTaskIfInterrupted);
    }

    private Supernet open(SupernetSpec spec) {
        Supernet supernet = job.engine().engine().create(spec, job.engine().resources(device));
        opened.add(supernet);
        return supernet;
    }

    @Override
    public void close() {
        opened.forEach(Supernet::close);
    }
}
