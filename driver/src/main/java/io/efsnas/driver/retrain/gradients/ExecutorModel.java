package io.efsnas.driver.retrain.gradients;

import io.efsnas.driver.retrain.cluster.LearningRate;
import java.io.Serializable;
import org.apache.spark.SparkEnv;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.spark.api.worker.NetBroadcastTuple;
import org.nd4j.parameterserver.distributed.v2.ModelParameterServer;

/**
 * Begins every fit of gradient sharing with the driver's weights, momentum and learning rate. DL4J gives them to the model
 * of an executor only once and lets it go on by itself from fit to fit, without the gradients that came too late for it,
 * and with the first learning rate. It also counts what the model was trained on, since DL4J keeps failures to itself.
 */
final class ExecutorModel extends BaseTrainingListener implements Serializable {

    private static final long serialVersionUID = 1;

    /** What Spark calls the driver among the executors. */
    private static final String DRIVER = "driver";

    private static String retraining = "";
    private static int fit;
    private static NetBroadcastTuple state;
    private static double learningRate;
    private static ModelFeed feed = new ModelFeed();

    /**
     * Has the model of this process begin with a state, when it is trained next. Each task of a fit calls this before
     * DL4J does anything in it; only the first call counts.
     *
     * @param retraining the id of the retraining: what DL4J has left here of an earlier one is ended
     * @param fit the number of the fit within this retraining, from 1
     */
    static synchronized void begin(String retraining, int fit, NetBroadcastTuple state, double learningRate) {
        if (!retraining.equals(ExecutorModel.retraining)) {
            // The driver ends its own; else this process would go on talking to a driver's port that is closed.
            if (!SparkEnv.get().executorId().equals(DRIVER)
                    && ModelParameterServer.getInstance().isInitialized()) {
                ModelParameterServer.getInstance().shutdown();
            }
        } else if (fit == ExecutorModel.fit) {
            return;
        }
        ExecutorModel.retraining = retraining;
        ExecutorModel.fit = fit;
        ExecutorModel.state = state;
        ExecutorModel.learningRate = learningRate;
        feed = new ModelFeed();
    }

    /** What the model of this process takes in the fit that has begun. */
    static synchronized ModelFeed feed() {
        return feed;
    }

    @Override
    public void onEpochStart(Model model) {
        synchronized (ExecutorModel.class) {
            feed.trainerBegins();
            if (state != null) {
                ComputationGraph graph = (ComputationGraph) model;
                graph.params().assign(state.getParameters());
                graph.getUpdater().getStateViewArray().assign(state.getUpdaterState());
                LearningRate.set(graph, learningRate);
                state = null;
            }
        }
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        feed().trainedOne();
    }
}
