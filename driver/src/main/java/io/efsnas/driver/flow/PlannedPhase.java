package io.efsnas.driver.flow;

import io.efsnas.split.Choice;
import io.efsnas.split.Phase;
import io.efsnas.split.Splitter;
import java.util.Optional;

/**
 * A phase of the training, and what follows it.
 *
 * @param choice finds the one of its supernets that is kept; empty if all are
 * @param splitter splits each of its supernets that is kept; empty for the last phase
 */
record PlannedPhase(Phase phase, Optional<Choice> choice, Optional<Splitter> splitter) {}
