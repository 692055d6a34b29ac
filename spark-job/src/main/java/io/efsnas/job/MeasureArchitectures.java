package io.efsnas.job;

import io.efsnas.data.Batch;
import io.efsnas.measure.MeasureContext;
import io.efsnas.measure.MeasureContext.Fresh;
import io.efsnas.measure.Measured;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.space.Architecture;
import io.efsnas.space.SpaceWeights;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.Engine;
import io.efsnas.supernet.InitialWeights;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.SupernetState;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;

/** Measures architectures on the executor that runs it, with an untrained supernet of its own. */
public final class MeasureArchitectures implements Function<MeasureTask, MeasureReport> {

    private static final long serialVersionUID = 1;
    private static final SupernetSpec.Optimizer NONE = new SupernetSpec.Optimizer(0, 0, 0);

    /** Tells the random labels from random gradients, whose keys are the positions of their blocks. */
    private static final long LABELS = -1;

    private final MeasuringJob job;

    public MeasureArchitectures(MeasuringJob job) {
        this.job = job;
    }

    @Override
    public MeasureReport call(MeasureTask task) throws Exception {
        return MemoryException.telling(() -> DeviceLoss.endingExecutor(() -> measure(task)));
    }

    private MeasureReport measure(MeasureTask task) {
        Engine engine = job.engine().engine();
        Device device = TaskPlace.device(engine);
        SupernetSpec spec = new SupernetSpec(job.space(), job.size(), NONE, job.batch(), job.seed());
        try (Supernet supernet = engine.create(spec, job.engine().resources(device))) {
            List<Weight> weights = SpaceWeights.of(job.space(), job.size()).all();
            SupernetState state = InitialWeights.normal(job.seed(), weights);
            supernet.restore(state);
            MeasureContext context = MeasureContext.ofArchitectures(job.space(), job.size())
                    .with(new Fresh(supernet, state, noise(), images()));
            List<Measured> measured = new ArrayList<>();
            for (Architecture architecture : task.architectures()) {
                TaskContext.get().killTaskIfInterrupted();
                measured.add(job.measures().measure(architecture, context));
            }
            return new MeasureReport(measured);
        }
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

    private List<Batch> images() {
        return job.images() == null
                ? List.of()
                : job.images().batches(MeasureContext.IMAGE_BATCHES, job.batch(), job.seed());
    }
}
