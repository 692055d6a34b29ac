package io.efsnas.driver.retrain;

import io.efsnas.data.TrainingBatches;
import io.efsnas.driver.retrain.cluster.Nd4jRuntime;
import io.efsnas.driver.retrain.cluster.RetrainingPlan;
import io.efsnas.retraining.RetrainedNetworkSpec;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.nd4j.linalg.dataset.DataSet;

/** Makes the training batches of a worker's steps, the only element of its partition, on the executor that trains on them. */
final class TrainingSets implements FlatMapFunction<Iterator<List<Long>>, DataSet> {

    private static final long serialVersionUID = 1;

    private final RetrainingPlan plan;

    TrainingSets(RetrainingPlan plan) {
        this.plan = plan;
    }

    /** Runs when the task begins, before DL4J does anything in it; the batches are made one by one later. */
    @Override
    public Iterator<DataSet> call(Iterator<List<Long>> steps) {
        Nd4jRuntime.prepare(plan.team().threads());
        TrainingBatches batches = plan.schedule().training(plan.images().dataset());
        RetrainedNetworkSpec network = plan.network();
        return steps.next().stream()
                .map(step -> DataSets.of(
                        batches.batch(step),
                        network.size().classes(),
                        network.regularisation().labelSmoothing()))
                .iterator();
    }
}
