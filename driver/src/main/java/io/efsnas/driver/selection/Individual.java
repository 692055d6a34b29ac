package io.efsnas.driver.selection;

import io.efsnas.driver.ranking.ScoredSubnet;

/**
 * A scored architecture of a generation.
 *
 * @param generation from 1
 */
public record Individual(int generation, Origin origin, ScoredSubnet subnet) {}
