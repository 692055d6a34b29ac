package io.efsnas.job;

import io.efsnas.measure.MeasureContext;
import io.efsnas.measure.Measured;
import io.efsnas.space.Architecture;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;

/** Measures architectures on the executor that runs it, with networks of its own. */
public final class MeasureArchitectures implements Function<MeasureTask, MeasureReport> {

    private static final long serialVersionUID = 1;

    private final MeasuringJob job;

    public MeasureArchitectures(MeasuringJob job) {
        this.job = job;
    }

    @Override
    public MeasureReport call(MeasureTask task) throws Exception {
        return MemoryException.telling(() -> DeviceLoss.endingExecutor(() -> measure(task)));
    }

    private MeasureReport measure(MeasureTask task) {
        try (MeasuringNetworks networks =
                new MeasuringNetworks(job, TaskPlace.device(job.engine().engine()))) {
            MeasureContext context = networks.context();
            List<Measured> measured = new ArrayList<>();
            for (Architecture architecture : task.architectures()) {
                TaskContext.get().killTaskIfInterrupted();
                measured.add(job.measures().measure(architecture, context));
            }
            return new MeasureReport(measured);
        }
    }
}
