package io.efsnas.job;

import io.efsnas.checkpoint.Checkpoint;
import io.efsnas.checkpoint.CheckpointPart;
import io.efsnas.checkpoint.RoundProgress;
import io.efsnas.split.SupernetNode;
import io.efsnas.training.WorkersMean;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import scala.Tuple2;

/** Averages some tensors of all workers, one worker after another, and writes the means as a part of a checkpoint. */
public final class AverageWorkers
        implements FlatMapFunction<Iterator<Tuple2<WorkerPart, WorkerShare>>, AveragingReport> {

    private static final long serialVersionUID = 1;

    private final SharedJob shared;
    private final String node;
    private final int parts;
    private final RoundProgress begun;

    /**
     * @param node the id of the supernet
     * @param parts how many tasks average it
     * @param begun how far the round had come when the workers began
     */
    public AverageWorkers(SharedJob shared, String node, int parts, RoundProgress begun) {
        this.shared = shared;
        this.node = node;
        this.parts = parts;
        this.begun = begun;
    }

    /** What the workers have done: from the first part alone, since that is the same for all. */
    @Override
    public Iterator<AveragingReport> call(Iterator<Tuple2<WorkerPart, WorkerShare>> shares) throws Exception {
        return MemoryException.telling(() -> average(shares));
    }

    private Iterator<AveragingReport> average(Iterator<Tuple2<WorkerPart, WorkerShare>> shares) throws IOException {
        SearchJob job = shared.job();
        WorkersMean mean = new WorkersMean(begun);
        List<RoundReport> reports = new ArrayList<>();
        while (shares.hasNext()) {
            WorkerShare share = shares.next()._2();
            mean.add(share.learned());
            reports.add(share.report());
        }
        SupernetNode supernet = job.tree().node(node);
        int part = TaskContext.getPartitionId();
        Checkpoint learned = mean.mean();
        job.checkpoints(supernet).savePart(learned, new CheckpointPart(part, parts), begun.step());
        return part == 0
                ? List.of(new AveragingReport(learned.round(), reports)).iterator()
                : List.<AveragingReport>of().iterator();
    }
}
