package io.efsnas.retraining;

import io.efsnas.data.Batch;
import io.efsnas.data.format.ImageSet;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.SupernetState.Tensor;
import java.util.Map;

/**
 * The final network of an architecture, whose batch norms are affine and keep running statistics. An instance computes
 * on the device that it was created for, for one thread at a time. The same spec and steps give the same weights bit for
 * bit on the same kind of device, with the same number of threads and native library.
 */
public interface RetrainedNetwork extends AutoCloseable {

    /**
     * One optimizer step. Batch norms use the statistics of the batch, and add them to the running ones. Then the moving
     * average of weights and statistics moves, if one is kept.
     *
     * @param step counted over all epochs, from 0: it decides what dropout and drop path leave out
     * @param progress the epochs that are done, of all, 0 to below 1: the probability of drop path rises with it
     */
    void train(Batch batch, long step, float learningRate, double progress);

    /**
     * What came of the training batches since the last call, with the loss of smoothed labels and without that of an
     * auxiliary head; waits for the device.
     */
    Evaluation trained();

    /** Evaluates a batch with the running statistics, and by the averages if they are kept; nothing changes. */
    Evaluation evaluate(Batch batch);

    /**
     * The logits of a batch, {@code [image][class]}; no weight changes.
     *
     * @param training whether the weights are used as they train, and batch norms use, and add, the statistics of the
     *     batch; else it is as in {@link #evaluate}
     */
    float[] logits(Batch batch, boolean training);

    /** A copy of all that {@link NetworkTensors} names. */
    Map<String, Tensor> state();

    /**
     * Takes over a state.
     *
     * @throws IllegalArgumentException naming the first tensor that is missing, unknown or of another shape
     */
    void restore(Map<String, Tensor> state);

    /** Whether it makes batches of these images on its device, so that nobody need make their pixels. */
    boolean keeps(ImageSet images);

    /** Frees the memory of the device. */
    @Override
    void close();
}
