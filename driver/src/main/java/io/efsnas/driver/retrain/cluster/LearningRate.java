package io.efsnas.driver.retrain.cluster;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** The learning rate of a graph. */
public final class LearningRate {

    private LearningRate() {}

    /**
     * Sets the rate in the configuration, which copies of the graph are made from and its next step reads. A schedule of
     * DL4J's would not do, as copies count their steps from 0; nor {@link ComputationGraph#setLearningRate}, which fails
     * on weights that are no longer numbers.
     */
    public static void set(ComputationGraph graph, double rate) {
        for (Layer layer : graph.getLayers()) {
            if (layer.conf().getLayer() instanceof BaseLayer learning) {
                learning.getIUpdater().setLrAndSchedule(rate, null);
            }
        }
    }

    /** The rate that was set. */
    public static double of(ComputationGraph graph) {
        for (Layer layer : graph.getLayers()) {
            if (layer.conf().getLayer() instanceof BaseLayer learning) {
                return learning.getIUpdater().getLearningRate(0, 0);
            }
        }
        throw new IllegalStateException("no layer of the graph learns");
    }
}
