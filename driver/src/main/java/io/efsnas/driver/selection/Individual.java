package io.efsnas.driver.selection;

import io.efsnas.driver.rule.MeasuredSubnet;

/**
 * A measured architecture of a generation.
 *
 * @param generation the number of its generation, from 1
 */
public record Individual(int generation, Origin origin, MeasuredSubnet subnet) {}
