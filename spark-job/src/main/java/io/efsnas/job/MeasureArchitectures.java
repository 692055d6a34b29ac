package io.efsnas.job;

import io.efsnas.measure.MeasureContext;
import io.efsnas.measure.Measured;
import io.efsnas.measure.Needs;
import io.efsnas.retraining.RetrainingEngine;
import io.efsnas.space.Architecture;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.Engine;
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
        Device device = TaskPlace.device(job.engine().engine());
        try (MeasuringNetworks networks = new MeasuringNetworks(job, device)) {
            MeasureContext context = networks.context();
            List<Measured> measured = new ArrayList<>();
            for (Architecture architecture : task.architectures()) {
                TaskContext.get().killTaskIfInterrupted();
                measured.add(job.measures().measure(architecture, context));
            }
            return new MeasureReport(measured, machine(device));
        }
    }

    private String machine(Device device) {
        if (!job.measures().need(Needs.MACHINE)) {
            return "";
        }
        String engine = RetrainingEngine.beside(job.engine().name(), device).name();
        return TaskPlace.of(device).host() + ", " + device + " by "
                + Engine.named(engine).description(device) + " with "
                + job.engine().threads() + " thread(s)";
    }
}
