package io.efsnas.scoring;

import io.efsnas.space.Architecture;
import io.efsnas.supernet.Evaluation;
import java.io.Serializable;
import java.util.List;

/**
 * How an architecture did with its supernet's weights, on two halves of the images: two measurements of the same thing,
 * whose difference shows how much of a score is chance.
 *
 * @param even the evaluation on the batches 0, 2, 4 and so on
 * @param odd the evaluation on the batches 1, 3, 5 and so on; {@link Evaluation#NONE} if there is only one batch
 * @param measured what else was measured with the trained supernet, in the order in which it was asked for
 */
public record SubnetScore(Architecture architecture, Evaluation even, Evaluation odd, List<Double> measured)
        implements Serializable {

    public SubnetScore {
        measured = List.copyOf(measured);
    }

    /** A score beside which nothing was measured. */
    public SubnetScore(Architecture architecture, Evaluation even, Evaluation odd) {
        this(architecture, even, odd, List.of());
    }

    /** This score with what else was measured. */
    public SubnetScore with(List<Double> further) {
        return new SubnetScore(architecture, even, odd, further);
    }

    /** The same of another architecture with the same network. */
    public SubnetScore of(Architecture other) {
        return new SubnetScore(other, even, odd, measured);
    }

    /** On all images. */
    public Evaluation evaluation() {
        return even.plus(odd);
    }
}
