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
import org.apache.spark.api.java.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures trained supernets, by their ids, on the executor that runs it, so that they can be split. */
public final class ProbeSupernet implements Function<String, ProbeReport> {

    private static final long serialVersionUID = 1;
    private static final Logger log = LoggerFactory.getLogger(ProbeSupernet.class);

    private final SearchJob job;
    private final Probe probe;

    public ProbeSupernet(SearchJob job, Probe probe) {
        this.job = job;
        this.probe = probe;
    }

    @Override
    public ProbeReport call(String id) throws Exception {
        return MemoryException.telling(
                () -> DeviceLoss.endingExecutor(() -> measure(job.tree().node(id))));
    }

    private ProbeReport measure(SupernetNode node) throws IOException {
        Device device = TaskPlace.device(job.engine().engine());
        job.engine().requireBuild(node.describe(), device);
        Dataset dataset = job.images().dataset();
        try (SupernetLease lease = SupernetLease.take(job, node, job.plan().batch(), node.lastStep(), device)) {
            log.info(
                    "{}: measuring for its split begins after step {} on {}", node.describe(), node.lastStep(), device);
            TrainingBatches batches = new TrainingBatches(
                    dataset.train(),
                    dataset.normalization(),
                    job.plan().batch(),
                    job.plan().augmentation(),
                    job.plan().seed(),
                    node.key());
            Evidence evidence = probe.measure(
                    lease.supernet(),
                    node,
                    batches,
                    KeyedRandom.of(job.plan().seed(), Purpose.PROBE, node.key(), node.lastStep()));
            return new ProbeReport(node.id(), evidence);
        }
    }
}
