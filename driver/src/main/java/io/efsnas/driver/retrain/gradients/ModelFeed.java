package io.efsnas.driver.retrain.gradients;

import io.efsnas.training.TrainingException;

/**
 * How many batches the tasks of an executor have handed to its model in a fit, and on how many it was trained. One of the
 * tasks trains the model on its thread; the others end as soon as their own batches are taken.
 */
final class ModelFeed {

    private long handed;
    private long trained;
    private Thread trainer;

    /** Notes that the model is trained by the calling thread. */
    synchronized void trainerBegins() {
        trainer = Thread.currentThread();
    }

    synchronized void handOne() {
        handed++;
    }

    synchronized void trainedOne() {
        trained++;
    }

    /**
     * Looks at the end of a task whether its model was trained on all that it got.
     *
     * @throws TrainingException if the calling thread has trained the model, and not on all batches
     */
    synchronized void requireTrained() {
        if (Thread.currentThread().equals(trainer) && trained < handed) {
            throw new TrainingException(
                    "the model was trained on " + trained + " of " + handed + " batches; the executor's log says why");
        }
    }
}
