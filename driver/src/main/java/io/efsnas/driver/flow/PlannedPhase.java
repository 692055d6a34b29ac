package io.efsnas.driver.flow;

import io.efsnas.split.Phase;
import io.efsnas.split.Splitter;
import java.util.Optional;

/**
 * A phase of the training, and what follows it.
 *
 * @param splitter splits each of its supernets at its end; empty for the last phase
 */
record PlannedPhase(Phase phase, Optional<Splitter> splitter) {}
