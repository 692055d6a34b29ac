package io.efsnas.scoring;

import io.efsnas.space.Architecture;
import io.efsnas.supernet.Evaluation;
import java.io.Serializable;

/**
 * How an architecture did with its supernet's weights, on two halves of the images: two measurements of the same thing,
 * whose difference shows how much of a score is chance.
 *
 * @param even on the batches 0, 2, 4 and so on
 * @param odd on the batches 1, 3, 5 and so on; {@link Evaluation#NONE} if there is only one batch
 */
public record SubnetScore(Architecture architecture, Evaluation even, Evaluation odd) implements Serializable {

    /** The same of another architecture with the same network. */
    public SubnetScore of(Architecture other) {
        return new SubnetScore(other, even, odd);
    }

    /** On all images. */
    public Evaluation evaluation() {
        return even.plus(odd);
    }
}
