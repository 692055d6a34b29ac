package io.efsnas.checkpoint;

import io.efsnas.supernet.SupernetState;

/**
 * A supernet after some steps.
 *
 * @param round how far it has come in the round that it was last trained in
 */
public record Checkpoint(SupernetState state, RoundProgress round) {

    /** How many optimizer steps the supernet has taken. */
    public long step() {
        return round.step();
    }
}
