package io.efsnas.driver.report;

/**
 * A row of {@code evolution.csv}.
 *
 * @param generation from 1
 * @param accuracy 0 to 1
 */
record Candidate(int generation, double accuracy) {}
