package io.efsnas.checkpoint;

import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.SupernetState.Tensor;
import java.io.Serializable;
import java.util.Map;

/**
 * A supernet after some steps.
 *
 * @param scheme what its training has to remember besides, by names of its own
 * @param round how far it has come in the round that it was last trained in
 */
public record Checkpoint(SupernetState state, Map<String, Tensor> scheme, RoundProgress round) implements Serializable {

    /** How many optimizer steps the supernet has taken. */
    public long step() {
        return round.step();
    }
}
