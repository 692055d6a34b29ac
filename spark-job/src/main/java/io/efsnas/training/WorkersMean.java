package io.efsnas.training;

import io.efsnas.checkpoint.Checkpoint;
import io.efsnas.checkpoint.RoundProgress;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.SupernetState.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What several workers have made of one supernet that they began with: the mean of their weights, of all their momenta, and
 * of their averaged weights (local SGD: Stich, ICLR 2019, who averages the weights; the momenta are averaged as in Yu, Jin,
 * Yang, ICML 2019). The order in which workers are added decides the last bits. It may also be of some of the tensors alone.
 */
public final class WorkersMean {

    private final Map<String, TensorMean> tensors = new LinkedHashMap<>();
    private RoundProgress round;
    private int workers;

    /** @param begun how far the round had come when the workers began */
    public WorkersMean(RoundProgress begun) {
        this.round = begun;
    }

    /**
     * Adds a worker, which has taken steps. A momentum that it does not have, though others have, is zero.
     *
     * @param share what it has learned, and what came of its own steps
     * @throws IllegalArgumentException if its training scheme remembers something, which has no mean
     */
    public void add(Checkpoint share) {
        if (!share.scheme().isEmpty()) {
            throw new IllegalArgumentException("the training scheme remembers "
                    + String.join(", ", share.scheme().keySet()) + ", which several workers cannot have in common;"
                    + " set training.workers = 1");
        }
        share.state().tensors().forEach((name, tensor) -> tensors.computeIfAbsent(
                        name, any -> new TensorMean(tensor.shape()))
                .add(tensor));
        round = round.plus(share.round());
        workers++;
    }

    /** The mean of those that were added. */
    public Checkpoint mean() {
        Map<String, Tensor> means = new LinkedHashMap<>();
        tensors.forEach((name, sum) -> means.put(name, sum.over(workers)));
        return new Checkpoint(new SupernetState(means), Map.of(), round);
    }
}
