package io.efsnas.job;

import io.efsnas.checkpoint.Checkpoint;
import io.efsnas.checkpoint.RoundProgress;
import io.efsnas.data.Dataset;
import io.efsnas.split.SupernetNode;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.SupernetState.Tensor;
import io.efsnas.training.RoundMetrics;
import io.efsnas.training.SupernetTrainer;
import io.efsnas.training.TrainingScheme;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.util.LongAccumulator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/** Trains a supernet for a worker's share of its steps on the executor that runs it, and gives what it learned. */
public final class TrainShare implements PairFlatMapFunction<WorkerTask, WorkerPart, WorkerShare> {

    private static final long serialVersionUID = 1;
    private static final Logger log = LoggerFactory.getLogger(TrainShare.class);

    private final SharedJob shared;
    private final int parts;
    private final LongAccumulator steps;

    /**
     * @param parts in how many parts tensors are averaged
     * @param steps called with the number of the step that the worker takes next
     */
    public TrainShare(SharedJob shared, int parts, LongAccumulator steps) {
        this.shared = shared;
        this.parts = parts;
        this.steps = steps;
    }

    @Override
    public Iterator<Tuple2<WorkerPart, WorkerShare>> call(WorkerTask task) throws Exception {
        return MemoryException.telling(() -> DeviceLoss.endingExecutor(() -> train(task)));
    }

    private Iterator<Tuple2<WorkerPart, WorkerShare>> train(WorkerTask task) throws IOException {
        SearchJob job = shared.job();
        long begun = System.currentTimeMillis();
        long start = System.nanoTime();
        Device device = TaskPlace.device(job.engine().engine());
        SupernetNode node = job.tree().node(task.round().node());
        job.engine().requireBuild(node.describe(), device);
        Dataset dataset = job.images().dataset();
        try (SupernetLease lease = SupernetLease.takeForWorker(job, node, task, device)) {
            double preparation = (System.nanoTime() - start) / 1e9;
            TrainingScheme scheme = job.plan().scheme().create();
            String worker = node.id() + " worker " + task.worker();
            SupernetTrainer trainer = new SupernetTrainer(
                    job.plan(),
                    scheme,
                    node,
                    dataset,
                    job.checkpoints(node),
                    0,
                    SupernetMetrics.reporter(worker, task.endStep(), device));
            log.debug(
                    "{}: worker {} takes steps {} to {} on {}",
                    node.describe(),
                    task.worker(),
                    task.firstStep(),
                    task.endStep(),
                    device);
            RoundProgress taken = trainer.trainShare(lease.supernet(), task.firstStep(), task.endStep(), this::stop);
            RoundReport report = new RoundReport(
                    task.round().round(),
                    begun,
                    RoundMetrics.of(node, taken, scheme),
                    TaskPlace.of(device),
                    job.engine().engine().description(device),
                    job.engine().threads(),
                    lease.restored(),
                    preparation,
                    job.engine().share(device),
                    List.of());
            List<Tuple2<WorkerPart, WorkerShare>> given = new ArrayList<>();
            List<Map<String, Tensor>> tensors = inParts(lease.supernet().state());
            for (int part = 0; part < parts; part++) {
                Checkpoint learned = new Checkpoint(new SupernetState(tensors.get(part)), scheme.state(), taken);
                given.add(new Tuple2<>(new WorkerPart(part, task.worker()), new WorkerShare(report, learned)));
            }
            lease.keepForWorker();
            return given.iterator();
        }
    }

    private List<Map<String, Tensor>> inParts(SupernetState state) {
        List<Map<String, Tensor>> all = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            all.add(new LinkedHashMap<>());
        }
        state.tensors().forEach((name, tensor) -> all.get(WorkerPart.partOf(name, parts))
                .put(name, tensor));
        return all;
    }

    /** Cancelled without interrupting the thread: the step is ended. */
    private boolean stop(long step) {
        steps.add(step - steps.value());
        return TaskContext.get().isInterrupted();
    }
}
