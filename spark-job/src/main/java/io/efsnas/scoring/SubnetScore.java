package io.efsnas.scoring;

import io.efsnas.space.Architecture;
import io.efsnas.supernet.Evaluation;
import java.io.Serializable;

/** How an architecture did with its supernet's weights. */
public record SubnetScore(Architecture architecture, Evaluation evaluation) implements Serializable {}
