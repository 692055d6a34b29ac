package io.efsnas.driver.retrain.cluster;

import org.apache.spark.api.java.JavaRDD;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Has the workers of a cluster train one graph together. With any, dl4j-spark trains on batches where they are made, and
 * makes them anew rather than store them.
 */
public interface ClusterTrainer {

    /** How many batches of all workers together one fit takes. */
    long batchesOfFit();

    /**
     * Trains the graph, with the learning rate that its configuration has.
     *
     * @param batches the batches; each partition is a worker's
     * @return the loss at the end
     */
    double fit(JavaRDD<DataSet> batches);
}
