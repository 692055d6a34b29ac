package io.efsnas.driver.report.plot;

/**
 * A row of {@code evolution.csv}.
 *
 * @param generation the number of its generation, from 1
 * @param merit accuracy in percent, or what else candidates are bred by
 */
public record Candidate(int generation, double merit) {}
