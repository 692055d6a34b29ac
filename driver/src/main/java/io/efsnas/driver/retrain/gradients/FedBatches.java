package io.efsnas.driver.retrain.gradients;

import io.efsnas.training.TrainingException;
import java.util.Iterator;
import org.nd4j.linalg.dataset.DataSet;

/**
 * The batches of one task of a fit of gradient sharing on their way to the model of its executor. DL4J takes a model that
 * failed for one that has ended, so what it has left is looked at when the task ends.
 */
final class FedBatches implements Iterator<DataSet> {

    private final Iterator<DataSet> batches;
    private final ModelFeed feed;
    private volatile boolean exhausted;

    /**
     * @param feed the feed of the model
     */
    FedBatches(Iterator<DataSet> batches, ModelFeed feed) {
        this.batches = batches;
        this.feed = feed;
    }

    @Override
    public boolean hasNext() {
        exhausted = !batches.hasNext();
        return !exhausted;
    }

    @Override
    public DataSet next() {
        DataSet batch = batches.next();
        feed.handOne();
        return batch;
    }

    /**
     * Looks at the end of the task whether the model has taken all its batches and was trained on them.
     *
     * @throws TrainingException if not
     */
    void requireTrained() {
        if (!exhausted) {
            throw new TrainingException("the model has not taken all batches; the executor's log says why");
        }
        feed.requireTrained();
    }
}
