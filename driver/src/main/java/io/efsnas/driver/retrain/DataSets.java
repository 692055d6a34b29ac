package io.efsnas.driver.retrain;

import io.efsnas.data.Batch;
import io.efsnas.network.Shape;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Batches as DL4J takes them. */
final class DataSets {

    private DataSets() {}

    /**
     * A batch with the probability of each class of each image: {@code 1 - smoothing} for its own, and the rest spread
     * evenly over all (Szegedy and others, <i>Rethinking the Inception Architecture</i>, CVPR 2016).
     */
    static DataSet of(Batch batch, int classes, double smoothing) {
        Shape shape = batch.shape();
        float[] labels = new float[batch.size() * classes];
        Arrays.fill(labels, (float) (smoothing / classes));
        for (int i = 0; i < batch.size(); i++) {
            labels[i * classes + batch.labels()[i]] += (float) (1 - smoothing);
        }
        INDArray images = Nd4j.createFromArray(batch.images())
                .reshape(batch.size(), shape.channels(), shape.height(), shape.width());
        return new DataSet(images, Nd4j.createFromArray(labels).reshape(batch.size(), classes));
    }
}
