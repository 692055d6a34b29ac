package io.efsnas.driver.retrain.gradients;

import io.efsnas.driver.retrain.cluster.Nd4jRuntime;
import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.TaskCompletionListener;
import org.deeplearning4j.spark.api.worker.NetBroadcastTuple;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Prepares an executor for a fit of gradient sharing, passes the batches on, and fails if not all were trained on.
 *
 * @param retraining the id of the retraining
 * @param number the number of the fit, from 1
 * @param state the state that all executors start with
 * @param threads the number of threads of an executor's one model
 */
record SharedFit(String retraining, int number, Broadcast<NetBroadcastTuple> state, double learningRate, int threads)
        implements FlatMapFunction<Iterator<DataSet>, DataSet> {

    @Override
    public Iterator<DataSet> call(Iterator<DataSet> batches) {
        Nd4jRuntime.prepare(threads);
        ExecutorModel.begin(retraining, number, state.value(), learningRate);
        FedBatches fed = new FedBatches(batches, ExecutorModel.feed());
        TaskContext.get().addTaskCompletionListener((TaskCompletionListener) task -> {
            if (!task.isInterrupted() && !task.isFailed()) {
                fed.requireTrained();
            }
        });
        return fed;
    }
}
