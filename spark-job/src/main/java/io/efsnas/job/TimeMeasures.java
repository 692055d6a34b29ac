package io.efsnas.job;

import io.efsnas.measure.MeasureContext;
import io.efsnas.space.Architecture;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;

/** The seconds that measuring an architecture takes, on average, on the executor that runs it. */
public final class TimeMeasures implements Function<MeasureTask, Double> {

    private static final long serialVersionUID = 1;

    private final MeasuringJob job;

    public TimeMeasures(MeasuringJob job) {
        this.job = job;
    }

    @Override
    public Double call(MeasureTask task) throws Exception {
        return MemoryException.telling(() -> DeviceLoss.endingExecutor(() -> time(task.architectures())));
    }

    /** The first ones are measured twice: at first so that the JVM compiles what measures them. */
    private double time(List<Architecture> architectures) {
        try (MeasuringNetworks networks =
                new MeasuringNetworks(job, TaskPlace.device(job.engine().engine()))) {
            MeasureContext context = networks.context();
            measure(architectures.subList(0, (architectures.size() + 1) / 2), context);
            long start = System.nanoTime();
            measure(architectures, context);
            return (System.nanoTime() - start) / 1e9 / architectures.size();
        }
    }

    private void measure(List<Architecture> architectures, MeasureContext context) {
        for (Architecture architecture : architectures) {
            TaskContext.get().killTaskIfInterrupted();
            job.measures().measure(architecture, context);
        }
    }
}
