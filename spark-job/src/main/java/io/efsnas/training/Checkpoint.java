package io.efsnas.training;

import io.efsnas.supernet.SupernetState;

/**
 * A supernet after some steps.
 *
 * @param step how many optimizer steps it has taken
 */
public record Checkpoint(long step, SupernetState state) {}
