package io.efsnas.training;

import io.efsnas.data.Batch;
import io.efsnas.data.Dataset;
import io.efsnas.data.ScoringBatches;
import java.util.List;
import java.util.stream.IntStream;

/** Images that no weight is trained on: the first of the validation part, which is in random order. */
public final class HeldOutImages {

    private final Dataset dataset;
    private final int batch;
    private List<Batch> made = List.of();

    /**
     * @param batch the most images in a batch
     */
    public HeldOutImages(Dataset dataset, int batch) {
        this.dataset = dataset;
        this.batch = batch;
    }

    /**
     * Some of them in batches, which are the same at every call.
     *
     * @param images the number of images in all batches
     */
    public List<Batch> batches(int images) {
        if (made.stream().mapToInt(Batch::size).sum() != images) {
            ScoringBatches batches = new ScoringBatches(dataset.validation(), images, dataset.normalization(), batch);
            made = IntStream.range(0, batches.count()).mapToObj(batches::batch).toList();
        }
        return made;
    }
}
