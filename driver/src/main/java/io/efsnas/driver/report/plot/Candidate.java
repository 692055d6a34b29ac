package io.efsnas.driver.report.plot;

/**
 * A row of {@code evolution.csv}.
 *
 * @param generation from 1
 * @param accuracy 0 to 1
 */
public record Candidate(int generation, double accuracy) {}
