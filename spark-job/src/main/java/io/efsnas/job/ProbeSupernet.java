package io.efsnas.job;

import io.efsnas.data.Dataset;
import io.efsnas.data.TrainingBatches;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.split.Evidence;
import io.efsnas.split.Probe;
import io.efsnas.split.SupernetNode;
import io.efsnas.supernet.Device;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures trained supernets, batch by batch, on the executor that runs it, so that they can be split. */
public final class ProbeSupernet implements Function<ProbeTask, ProbeReport> {

    private static final long serialVersionUID = 1;
    private static final Logger log = LoggerFactory.getLogger(ProbeSupernet.class);

    private final SharedJob shared;
    private final Probe probe;

    public ProbeSupernet(SharedJob shared, Probe probe) {
        this.shared = shared;
        this.probe = probe;
    }

    @Override
    public ProbeReport call(ProbeTask task) throws Exception {
        return MemoryException.telling(() -> DeviceLoss.endingExecutor(() -> measure(task)));
    }

    private ProbeReport measure(ProbeTask task) throws IOException {
        SearchJob job = shared.job();
        SupernetNode node = job.tree().node(task.node());
        Device device = TaskPlace.device(job.engine().engine());
        job.engine().requireBuild(node.describe(), device);
        Dataset dataset = job.images().dataset();
        long trained = node.lastStep();
        try (SupernetLease lease = SupernetLease.take(job, node, job.plan().batch(), trained, device)) {
            log.info(
                    "{}: measuring for its split on batches {} to {} begins after step {} on {}",
                    node.describe(),
                    task.fromBatch(),
                    task.toBatch() - 1,
                    trained,
                    device);
            TrainingBatches batches = new TrainingBatches(
                    dataset.train(),
                    dataset.normalization(),
                    job.plan().batch(),
                    job.plan().augmentation(),
                    job.plan().seed(),
                    node.key());
            List<Evidence> evidence = new ArrayList<>();
            for (int batch = task.fromBatch(); batch < task.toBatch(); batch++) {
                long step = trained + batch;
                evidence.add(probe.measure(
                        lease.supernet(),
                        node,
                        batches.batch(step),
                        KeyedRandom.of(job.plan().seed(), Purpose.PROBE, node.key(), step)));
                TaskContext.get().killTaskIfInterrupted();
            }
            lease.keepAt(trained);
            return new ProbeReport(node.id(), evidence);
        }
    }
}
